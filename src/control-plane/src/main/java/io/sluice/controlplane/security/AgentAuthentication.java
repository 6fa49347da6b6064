package io.sluice.controlplane.security;

import io.sluice.controlplane.http.Problem;
import io.sluice.controlplane.http.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets nobody on the agents' listener who has no token of a dataplane. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public class AgentAuthentication extends OncePerRequestFilter {

  /** The request attribute that holds the caller's {@link DataplaneToken}. */
  public static final String CALLER = "io.sluice.caller";

  private static final String BEARER = "Bearer ";

  private final DataplaneTokens tokens;
  private final ProblemWriter problems;

  AgentAuthentication(DataplaneTokens tokens, ProblemWriter problems) {
    this.tokens = tokens;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !ListenerSplit.isAgents(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<DataplaneToken> caller;
    try {
      caller = caller(request.getHeader(HttpHeaders.AUTHORIZATION));
    } catch (DataAccessException | TransactionException e) {
      response.setHeader(HttpHeaders.RETRY_AFTER, "5");
      problems.write(
          response,
          Problem.of(
              HttpStatus.SERVICE_UNAVAILABLE,
              "Database unavailable",
              "the token can't be checked now; go on with what you have"));
      return;
    }
    if (caller.isEmpty()) {
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"sluice-agents\"");
      problems.write(response, unauthenticated());
      return;
    }
    request.setAttribute(CALLER, caller.get());
    chain.doFilter(request, response);
  }

  /** The answer to a token that opens nothing, or no more. */
  public static Problem unauthenticated() {
    return Problem.of(
        HttpStatus.UNAUTHORIZED,
        "Not authenticated",
        "there is no token, or it is unknown, expired or revoked; make a new one with POST"
            + " /tokens/dataplane on the operators' API");
  }

  private Optional<DataplaneToken> caller(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    return tokens.open(authorization.substring(BEARER.length()).strip());
  }
}
