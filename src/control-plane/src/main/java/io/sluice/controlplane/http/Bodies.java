package io.sluice.controlplane.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.HttpStatus;

/** Reads request bodies of bounded size. */
public final class Bodies {

  /** How large a document may be, in bytes. */
  public static final int DOCUMENT_LIMIT = 1024 * 1024;

  private Bodies() {}

  /**
   * The whole body.
   *
   * @param limit bytes; a larger body is refused with 413, and not read further than that
   */
  public static byte[] read(HttpServletRequest request, int limit) {
    if (request.getContentLengthLong() > limit) {
      throw tooLarge(limit);
    }
    try {
      byte[] body = request.getInputStream().readNBytes(limit + 1);
      if (body.length > limit) {
        throw tooLarge(limit);
      }
      return body;
    } catch (IOException e) {
      throw new ProblemException(
          Problem.of(
              HttpStatus.BAD_REQUEST,
              "Incomplete body",
              "the body did not arrive whole: " + e.getMessage()));
    }
  }

  private static ProblemException tooLarge(int limit) {
    return new ProblemException(
        Problem.of(
            HttpStatus.CONTENT_TOO_LARGE,
            "Body too large",
            "a body may have at most " + limit + " bytes"));
  }
}
