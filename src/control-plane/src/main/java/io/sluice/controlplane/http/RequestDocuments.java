package io.sluice.controlplane.http;

import io.sluice.resources.document.Document;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.document.Position;
import io.sluice.resources.document.UnreadableDocument;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.node.ObjectNode;

/** Documents as they stand in a request's body. */
public final class RequestDocuments {

  private RequestDocuments() {}

  /** The one document of the body. */
  public static ObjectNode one(HttpServletRequest request) {
    Format format = format(request);
    byte[] body = Bodies.read(request, Bodies.DOCUMENT_LIMIT);
    try {
      return DocumentReader.read(body, format);
    } catch (UnreadableDocument e) {
      throw new ProblemException(problem(e));
    }
  }

  /** All documents of the body, in their order. */
  public static List<Document> stream(HttpServletRequest request) {
    Format format = format(request);
    byte[] body = Bodies.read(request, Bodies.DOCUMENT_LIMIT);
    try {
      return DocumentReader.readAll(body, format);
    } catch (UnreadableDocument e) {
      throw new ProblemException(problem(e));
    }
  }

  private static Format format(HttpServletRequest request) {
    return DocumentTypes.format(request.getContentType())
        .orElseThrow(
            () ->
                new ProblemException(
                    DocumentTypes.unsupported(request.getContentType(), DocumentTypes.ALLOWED)));
  }

  private static Problem problem(UnreadableDocument e) {
    HttpStatus status =
        switch (e.problem()) {
          case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
          case MALFORMED -> HttpStatus.BAD_REQUEST;
        };
    Position position = e.position();
    return new Problem(
        "Unreadable document",
        status.value(),
        String.valueOf(e.getMessage()),
        List.of(),
        position == null ? null : position.line(),
        position == null ? null : position.column());
  }
}
