package io.sluice.agent.envoy;

import io.sluice.agent.bundle.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many inotify instances the kernel lets a user have: 128 unless it was told otherwise. Envoy
 * takes one for each file of endpoints that it watches, and aborts when there is none left.
 */
public final class WatchLimit {

  private static final Path FILE = Path.of("/proc/sys/fs/inotify/max_user_instances");

  /** What Envoy takes besides, and what else the proxy's user may run. */
  private static final int OTHERS = 28;

  private WatchLimit() {}

  /** The limit now. */
  public static int now() throws IOException {
    // In one piece: whoever reads a number of the kernel digit by digit gets the first and no more.
    byte[] text = new byte[32];
    int length;
    try (InputStream in = Files.newInputStream(FILE)) {
      length = in.read(text);
    }
    String number = new String(text, 0, Math.max(0, length), StandardCharsets.US_ASCII).strip();
    return number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : Integer.MAX_VALUE;
  }

  /**
   * Raises the limit, which is the whole host's and never lowered, to what a number of files needs.
   *
   * @throws RefusedException if it can't be raised and is too low
   */
  static void demand(int files) throws IOException, RefusedException {
    int limit = now();
    // During a hot restart two of them watch.
    int wanted = 2 * files + OTHERS;
    if (limit >= wanted) {
      return;
    }
    try {
      Files.writeString(FILE, wanted + "\n");
    } catch (IOException e) {
      if (limit < files + OTHERS) {
        throw new RefusedException(
            "Envoy needs an inotify instance for each of %d files of endpoints, and the kernel allows %d: set fs.inotify.max_user_instances to %d"
                .formatted(files, limit, wanted));
      }
    }
  }
}
