package io.sluice.agent.envoy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What Envoy writes about itself: appended by it, kept to a bounded size by us. */
final class EnvoyLog {

  private static final long MOST_BYTES = 8 << 20;
  private static final int TAIL_BYTES = 64 << 10;

  private final Path file;

  EnvoyLog(Path state) {
    this.file = state.resolve("envoy.log");
  }

  long size() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** The last complaint after a position, or the last that was said there. */
  String complaint(long from) {
    String last = "";
    String entry = "";
    for (String line : tail(from).split("\n", -1)) {
      boolean begins = line.matches("\\[20[^\\]]*\\]\\[\\d+\\]\\[[a-z]+\\].*");
      if (begins) {
        entry = "";
      }
      boolean complains =
          !begins || line.matches("\\[[^\\]]*\\]\\[\\d+\\]\\[(warning|error|critical)\\].*");
      if (complains && (begins || !entry.isEmpty() || last.isEmpty())) {
        entry = entry + ' ' + line.replaceFirst("^(\\[[^\\]]*\\])+ *(\\[source[^\\]]*\\] *)?", "");
        last = entry;
      }
    }
    return last.isBlank() ? "it does not say why" : last.strip();
  }

  private String tail(long from) {
    if (size() <= from) {
      return "";
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(TAIL_BYTES);
      channel.read(buffer, Math.max(from, channel.size() - TAIL_BYTES));
      return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Sets a full log aside: Envoy, which holds the file open, goes on at its new end. */
  void rotate() throws IOException {
    if (size() > MOST_BYTES) {
      Files.copy(file, file.resolveSibling("envoy.log.1"), StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
    }
  }
}
