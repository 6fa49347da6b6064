package io.sluice.controlplane.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** An answer that has a form for reading besides the one as a document. */
interface PlainText {

  /** The media type of that form. */
  String NAME = "text/plain";

  MediaType TYPE = MediaType.parseMediaType(NAME + ";charset=UTF-8");

  /** Lines for people; those of no difference begin with {@code #}. */
  String text();

  /** The answer in the form that the request prefers: a document unless it says text. */
  static ResponseEntity<?> orDocument(HttpServletRequest request, PlainText answer) {
    ResponseEntity.BodyBuilder ok =
        ResponseEntity.ok().header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    return isPreferred(request) ? ok.contentType(TYPE).body(answer.text()) : ok.body(answer);
  }

  private static boolean isPreferred(HttpServletRequest request) {
    String accepted = String.join(",", Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
    try {
      List<MediaType> types = MediaType.parseMediaTypes(accepted);
      return types.stream()
          .max(Comparator.comparingDouble(MediaType::getQualityValue))
          .flatMap(
              best ->
                  types.stream()
                      .filter(type -> type.getQualityValue() == best.getQualityValue())
                      .findFirst())
          .filter(first -> first.equalsTypeAndSubtype(MediaType.TEXT_PLAIN))
          .isPresent();
    } catch (InvalidMediaTypeException e) {
      return false; // The framework says what is wrong with it.
    }
  }
}
