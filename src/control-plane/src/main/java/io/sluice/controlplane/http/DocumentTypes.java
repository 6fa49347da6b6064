package io.sluice.controlplane.http;

import io.sluice.resources.document.Format;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The media types in which documents come and go. */
public final class DocumentTypes {

  /** JSON, the default. */
  public static final String JSON = "application/json";

  /** YAML as RFC 9512 names it. */
  public static final String YAML = "application/yaml";

  /** YAML as older clients name it. */
  public static final String TEXT_YAML = "text/yaml";

  /** YAML as the oldest clients name it. */
  public static final String X_YAML = "application/x-yaml";

  /** Every name of YAML. */
  public static final List<MediaType> YAML_TYPES =
      List.of(
          MediaType.parseMediaType(YAML),
          MediaType.parseMediaType(TEXT_YAML),
          MediaType.parseMediaType(X_YAML));

  /** All of them, as a text for people and for the header {@code Accept}. */
  public static final String ALLOWED =
      JSON + ", " + YAML_TYPES.stream().map(MediaType::toString).collect(Collectors.joining(", "));

  private DocumentTypes() {}

  /** The format of a body of this content type, or nothing if it is no document. */
  public static Optional<Format> format(@Nullable String contentType) {
    if (contentType == null) {
      return Optional.empty();
    }
    try {
      MediaType type = MediaType.parseMediaType(contentType);
      if (type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)) {
        return Optional.of(Format.JSON);
      }
      return YAML_TYPES.stream().anyMatch(type::equalsTypeAndSubtype)
          ? Optional.of(Format.YAML)
          : Optional.empty();
    } catch (InvalidMediaTypeException e) {
      return Optional.empty();
    }
  }

  /** The answer to a body of another type. */
  public static Problem unsupported(@Nullable String contentType, String allowed) {
    return Problem.of(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
        "Unsupported media type",
        (contentType == null
                ? "the body has no Content-Type"
                : "a body of type " + contentType + " is not read")
            + "; allowed: "
            + allowed);
  }
}
