package io.sluice.controlplane.security;

import io.sluice.controlplane.http.DocumentTypes;
import io.sluice.controlplane.http.Problem;
import io.sluice.controlplane.http.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses operators' requests that another site made a browser send, that lack the admin token, or
 * whose body is no document. Nothing of the body has been read by then.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class OperatorGuard extends OncePerRequestFilter {

  private static final Set<String> OWN_FETCH_SITES = Set.of("same-origin", "none");
  private static final String HEALTH = "/health";

  private final OperatorHosts hosts;
  private final AdminToken adminToken;
  private final ProblemWriter problems;

  OperatorGuard(OperatorHosts hosts, AdminToken adminToken, ProblemWriter problems) {
    this.hosts = hosts;
    this.adminToken = adminToken;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return ListenerSplit.isAgents(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<Problem> refusal =
        foreign(request).or(() -> unauthenticated(request)).or(() -> noDocument(request));
    if (refusal.isEmpty()) {
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setHeader("X-Frame-Options", "DENY");
      chain.doFilter(request, response);
      return;
    }
    if (refusal.get().status() == HttpStatus.UNAUTHORIZED.value()) {
      response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"sluice\"");
      response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"sluice\", charset=\"UTF-8\"");
    }
    if (refusal.get().status() == HttpStatus.UNSUPPORTED_MEDIA_TYPE.value()) {
      response.setHeader(HttpHeaders.ACCEPT, DocumentTypes.ALLOWED);
    }
    problems.write(response, refusal.get());
  }

  private Optional<Problem> foreign(HttpServletRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    if (host == null || !hosts.isOurs(host, request.getLocalAddr())) {
      return refused(
          "Foreign host",
          "the request was sent to the host \""
              + host
              + "\", which is none of this control plane's names; add it to sluice.hosts if it is");
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && !origin.equalsIgnoreCase(request.getScheme() + "://" + host)) {
      return refused("Foreign origin", "a page of " + origin + " may not use this API");
    }
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !OWN_FETCH_SITES.contains(site.toLowerCase(Locale.ROOT))) {
      return refused("Foreign origin", "a page of another site may not use this API");
    }
    return Optional.empty();
  }

  private static Optional<Problem> refused(String title, String detail) {
    return Optional.of(Problem.of(HttpStatus.FORBIDDEN, title, detail));
  }

  private Optional<Problem> unauthenticated(HttpServletRequest request) {
    String path = request.getServletPath();
    boolean open = path.equals(HEALTH) || path.startsWith(HEALTH + "/");
    if (open || adminToken.opens(request.getHeader(HttpHeaders.AUTHORIZATION))) {
      return Optional.empty();
    }
    return Optional.of(
        Problem.of(
            HttpStatus.UNAUTHORIZED,
            "Not authenticated",
            "send the admin token as \"Authorization: Bearer …\" (a browser: as the password)"));
  }

  private static Optional<Problem> noDocument(HttpServletRequest request) {
    boolean hasBody =
        request.getContentLengthLong() > 0
            || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    if (!hasBody || DocumentTypes.format(request.getContentType()).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(DocumentTypes.unsupported(request.getContentType(), DocumentTypes.ALLOWED));
  }
}
