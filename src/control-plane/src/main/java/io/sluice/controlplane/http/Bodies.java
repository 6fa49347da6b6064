package io.sluice.controlplane.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/** Reads request bodies of bounded size. */
public final class Bodies {

  /** How large a document may be, in bytes. */
  public static final int DOCUMENT_LIMIT = 1024 * 1024;

  /** Beside the connector's limit on a silence, which a trickle of single bytes never reaches. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int PART = 8192;

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
      return read(request.getInputStream(), limit);
    } catch (IOException e) {
      throw new ProblemException(
          Problem.of(
              HttpStatus.BAD_REQUEST,
              "Incomplete body",
              "the body did not arrive whole: " + e.getMessage()));
    }
  }

  private static byte[] read(InputStream in, int limit) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] part = new byte[PART];
    for (int length = in.read(part); length >= 0; length = in.read(part)) {
      body.write(part, 0, length);
      if (body.size() > limit) {
        throw tooLarge(limit);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new ProblemException(
            Problem.of(
                HttpStatus.REQUEST_TIMEOUT,
                "Body too slow",
                "the body did not arrive within " + PATIENCE.toSeconds() + " seconds"));
      }
    }
    return body.toByteArray();
  }

  private static ProblemException tooLarge(int limit) {
    return new ProblemException(
        Problem.of(
            HttpStatus.CONTENT_TOO_LARGE,
            "Body too large",
            "a body may have at most " + limit + " bytes"));
  }
}
