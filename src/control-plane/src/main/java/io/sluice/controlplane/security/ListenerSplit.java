package io.sluice.controlplane.security;

import io.sluice.controlplane.http.Problem;
import io.sluice.controlplane.http.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Keeps the agents' paths on the agents' listener and everything else off it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ListenerSplit extends OncePerRequestFilter {

  private static final String AGENTS = "/agent/v1/";

  private final AgentsListener agentsListener;
  private final ProblemWriter problems;

  ListenerSplit(AgentsListener agentsListener, ProblemWriter problems) {
    this.agentsListener = agentsListener;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (agentsListener.serves(request) != isAgents(request)) {
      problems.write(
          response,
          Problem.of(
              HttpStatus.NOT_FOUND,
              "Not found",
              "there is nothing at " + request.getRequestURI() + " on this listener"));
      return;
    }
    chain.doFilter(request, response);
  }

  /**
   * Compares the decoded and normalized path as well, which is what controllers are chosen by, so
   * that no spelling of a path slips past.
   */
  static boolean isAgents(HttpServletRequest request) {
    return request.getRequestURI().startsWith(AGENTS)
        || request.getServletPath().startsWith(AGENTS);
  }
}
