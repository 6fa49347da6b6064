package io.sluice.controlplane.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Problem details of RFC 9457, with the members that kumactl prints.
 *
 * @param title what kind of problem it is
 * @param detail what is wrong in this case, and where known what mends it
 * @param invalidParameters every violation, by field path
 * @param line the line of a body that can't be read, from 1
 * @param column the column in that line, from 1
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"title", "status", "detail", "line", "column", "invalid_parameters"})
public record Problem(
    String title,
    int status,
    String detail,
    @JsonProperty("invalid_parameters") List<InvalidParameter> invalidParameters,
    @Nullable Integer line,
    @Nullable Integer column) {

  /** The media type of a problem, whatever the request accepts. */
  public static final MediaType MEDIA_TYPE = MediaType.APPLICATION_PROBLEM_JSON;

  /** Copies the violations. */
  public Problem {
    invalidParameters = List.copyOf(invalidParameters);
  }

  /** One field and what is wrong with it. */
  public record InvalidParameter(String field, String reason) {}

  /** The same problem as that of one document among several. */
  public Problem within(String path, String document) {
    return new Problem(
        title,
        status,
        path + " (" + document + "): " + detail,
        invalidParameters.isEmpty()
            ? List.of(new InvalidParameter(path, detail))
            : invalidParameters.stream()
                .map(each -> new InvalidParameter(path + "." + each.field(), each.reason()))
                .toList(),
        line,
        column);
  }

  /** A problem without fields. */
  public static Problem of(HttpStatus status, String title, String detail) {
    return new Problem(title, status.value(), detail, List.of(), null, null);
  }

  /** A problem with one field. */
  public static Problem of(
      HttpStatus status, String title, String detail, String field, String reason) {
    return new Problem(
        title, status.value(), detail, List.of(new InvalidParameter(field, reason)), null, null);
  }

  /** A request with this field, path variable or parameter out of what is allowed. */
  public static Problem badRequest(String field, String reason) {
    return of(HttpStatus.BAD_REQUEST, "Invalid request", field + " " + reason, field, reason);
  }
}
