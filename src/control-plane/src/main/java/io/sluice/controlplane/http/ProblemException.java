package io.sluice.controlplane.http;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Ends a request with a problem. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient HttpHeaders headers;

  /** With no further headers. */
  public ProblemException(Problem problem) {
    this(problem, new HttpHeaders());
  }

  /** With response headers such as {@code Retry-After}. */
  public ProblemException(Problem problem, HttpHeaders headers) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
    this.headers = headers;
  }

  /** What the client is told. */
  public Problem problem() {
    return problem;
  }

  HttpHeaders headers() {
    return headers;
  }

  /** Something that does not exist. */
  public static ProblemException notFound(String title, String detail) {
    return new ProblemException(Problem.of(HttpStatus.NOT_FOUND, title, detail));
  }

  /** One field, path variable or parameter out of what is allowed. */
  public static ProblemException badRequest(String field, String reason) {
    return new ProblemException(Problem.badRequest(field, reason));
  }
}
