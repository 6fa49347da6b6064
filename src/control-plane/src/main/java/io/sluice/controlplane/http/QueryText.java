package io.sluice.controlplane.http;

import io.sluice.resources.document.Texts;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses query parameters that are no text: bytes that are not UTF-8, and characters that no
 * document may hold and PostgreSQL does not take. After the guards, who let no form bodies in.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
class QueryText extends OncePerRequestFilter {

  private final ProblemWriter problems;

  QueryText(ProblemWriter problems) {
    this.problems = problems;
  }

  /** Only an escape can spell such a character: the server itself refuses all others. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getQueryString() == null || request.getQueryString().indexOf('%') < 0;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<Problem> refusal = refusal(request);
    if (refusal.isPresent()) {
      problems.write(response, refusal.get());
    } else {
      chain.doFilter(request, response);
    }
  }

  private static Optional<Problem> refusal(HttpServletRequest request) {
    Map<String, String[]> parameters;
    try {
      parameters = request.getParameterMap();
    } catch (IllegalStateException e) {
      // Tomcat's way to say that an escape is none, or its bytes are not UTF-8.
      return Optional.of(Problem.badRequest("query", "is not UTF-8 in percent-encoding"));
    }
    return parameters.entrySet().stream()
        .flatMap(
            parameter ->
                Arrays.stream(parameter.getValue())
                    .flatMap(value -> Texts.forbidden(value).stream())
                    .map(forbidden -> problem(parameter.getKey(), forbidden)))
        .findFirst();
  }

  private static Problem problem(String name, Texts.Forbidden forbidden) {
    return Problem.badRequest(name, "may not hold " + forbidden.shown());
  }
}
