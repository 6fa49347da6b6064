package io.sluice.controlplane.http;

import io.sluice.controlplane.http.Problem.InvalidParameter;
import io.sluice.controlplane.store.StoreException;
import io.sluice.rendering.bundle.UnrenderableException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.validation.BindException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns every exception of both listeners into a problem. */
@RestControllerAdvice
class ProblemAdvice {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final String RETRY_SECONDS = "5";

  /** PostgreSQL's SQLSTATE disk_full: it answers a statement so, and goes on. */
  private static final String DISK_FULL = "53100";

  @ExceptionHandler
  ResponseEntity<Problem> problem(ProblemException e) {
    return answer(e.problem(), e.headers());
  }

  @ExceptionHandler
  ResponseEntity<Problem> refusedByStore(StoreException e) {
    return answer(StoreProblems.of(e));
  }

  /** The dataplane was accepted, but nothing can be made of it for its host yet. */
  @ExceptionHandler
  ResponseEntity<Problem> unrenderable(UnrenderableException e) {
    return answer(
        Problem.of(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "No bundle can be made",
            String.valueOf(e.getMessage()),
            e.field(),
            e.reason()));
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ResponseEntity<Problem> noDatabase(RuntimeException e) {
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
    log.warn("event=database-failed error=\"{}\"", cause.getMessage());
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    return answer(
        Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "Database unavailable",
            cause instanceof SQLException refused && DISK_FULL.equals(refused.getSQLState())
                ? "the database's disk is full; nothing was changed"
                : "the database did not answer; nothing was changed unless a later read shows it"),
        headers);
  }

  @ExceptionHandler
  ResponseEntity<Problem> mediaType(HttpMediaTypeNotSupportedException e) {
    String allowed = MediaType.toString(e.getSupportedMediaTypes());
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.ACCEPT, allowed);
    return answer(DocumentTypes.unsupported(String.valueOf(e.getContentType()), allowed), headers);
  }

  @ExceptionHandler
  ResponseEntity<Problem> notAcceptable(HttpMediaTypeNotAcceptableException e) {
    return answer(
        Problem.of(
            HttpStatus.NOT_ACCEPTABLE,
            "Not acceptable",
            e.getSupportedMediaTypes().isEmpty()
                ? "the header Accept names no media type; this is available as "
                    + DocumentTypes.ALLOWED
                : "this is available as " + MediaType.toString(e.getSupportedMediaTypes())));
  }

  @ExceptionHandler
  ResponseEntity<Problem> method(HttpRequestMethodNotSupportedException e) {
    HttpHeaders headers = new HttpHeaders();
    Set<HttpMethod> allowed = e.getSupportedHttpMethods();
    headers.setAllow(allowed == null ? Set.of() : allowed);
    return answer(
        Problem.of(
            HttpStatus.METHOD_NOT_ALLOWED,
            "Method not allowed",
            e.getMethod()
                + " is not possible here; allowed: "
                + headers.getAllow().stream()
                    .map(HttpMethod::name)
                    .sorted()
                    .collect(Collectors.joining(", "))),
        headers);
  }

  @ExceptionHandler
  ResponseEntity<Problem> parameter(MethodArgumentTypeMismatchException e) {
    String type =
        e.getRequiredType() == null ? "another type" : e.getRequiredType().getSimpleName();
    return answer(
        Problem.badRequest(
            e.getName(), "must be a valid " + type + ", not \"" + e.getValue() + "\""));
  }

  @ExceptionHandler
  ResponseEntity<Problem> parameter(MissingServletRequestParameterException e) {
    return answer(Problem.badRequest(e.getParameterName(), "must be given"));
  }

  @ExceptionHandler
  ResponseEntity<Problem> parameters(BindException e) {
    List<InvalidParameter> invalid =
        e.getFieldErrors().stream()
            .map(
                error ->
                    new InvalidParameter(
                        error.getField(), "can't be \"" + error.getRejectedValue() + "\""))
            .toList();
    return answer(
        new Problem(
            "Invalid request",
            HttpStatus.BAD_REQUEST.value(),
            invalid.stream()
                .map(each -> each.field() + " " + each.reason())
                .collect(Collectors.joining("; ")),
            invalid,
            null,
            null));
  }

  @ExceptionHandler
  ResponseEntity<Problem> noSuchPath(NoResourceFoundException e) {
    return answer(
        Problem.of(
            HttpStatus.NOT_FOUND, "Not found", "there is nothing at /" + e.getResourcePath()));
  }

  @ExceptionHandler
  void clientIsGone(AsyncRequestNotUsableException e) {
    log.debug("event=client-gone error=\"{}\"", e.getMessage());
  }

  @ExceptionHandler
  ResponseEntity<Problem> unexpected(Exception e) {
    String incident = UUID.randomUUID().toString();
    log.error("event=request-failed incident={}", incident, e);
    return answer(
        Problem.of(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "Internal error",
            "this is a defect of Sluice; the control plane's log has more under " + incident));
  }

  private static ResponseEntity<Problem> answer(Problem problem) {
    return answer(problem, new HttpHeaders());
  }

  private static ResponseEntity<Problem> answer(Problem problem, HttpHeaders headers) {
    return ResponseEntity.status(problem.status())
        .headers(headers)
        .contentType(Problem.MEDIA_TYPE)
        .body(problem);
  }
}
