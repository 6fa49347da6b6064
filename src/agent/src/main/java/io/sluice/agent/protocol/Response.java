package io.sluice.agent.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An HTTP response whose body has not been read.
 *
 * @param headers by name in lower case
 */
record Response(int status, Map<String, String> headers, InputStream body) {

  private static final int TEXT_BYTES = 16_384;

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** What a problem says, as one line: JSON is shown as it is. */
  String problem() throws IOException {
    String text = new String(body.readNBytes(TEXT_BYTES), StandardCharsets.UTF_8);
    String line = text.replaceAll("\\s+", " ").strip();
    return "HTTP status " + status + (line.isEmpty() ? "" : ": " + line);
  }
}
