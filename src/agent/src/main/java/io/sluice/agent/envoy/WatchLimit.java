package io.sluice.agent.envoy;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How many inotify instances the kernel lets a user have: 128 unless it was told otherwise. Envoy
 * takes one for each file of endpoints that it watches, and aborts when there is none left.
 */
public final class WatchLimit {

  private static final Path FILE = Path.of("/proc/sys/fs/inotify/max_user_instances");

  /** What Envoy takes besides, and what else the proxy's user may run. */
  private static final int OTHERS = 28;

  /** For what Envoy takes besides while it runs already. */
  private static final int SPARE = 8;

  private static final int ATTEMPTS = 5;

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
   * Raises the limit, which is the whole host's and never lowered, to what a switch needs.
   *
   * @param user whose instances the kernel counts, whatever process has them
   * @param files how many will be watched
   * @param more how many of these are not there yet
   * @throws RefusedException if it can't be raised and is too low
   */
  static void demand(long user, int files, int more) throws IOException, RefusedException {
    int held = held(user);
    int wanted = wanted(held, files);
    // Others may raise it at the same time, to less.
    for (int i = 0; i < ATTEMPTS && now() < wanted; i++) {
      try {
        Files.writeString(FILE, wanted + "\n");
      } catch (IOException e) {
        break;
      }
    }
    int limit = now();
    if (limit < needed(held, files, more)) {
      throw new RefusedException(
          "Envoy needs an inotify instance for each of %d files of endpoints, its user has %d already, and the kernel allows %d: set fs.inotify.max_user_instances to %d"
              .formatted(files, held, limit, wanted));
    }
  }

  /** Enough for a hot restart, during which two of them watch, beside all that there is now. */
  static int wanted(int held, int files) {
    return Math.max(held, files) + files + OTHERS;
  }

  /** Without that, Envoy would end; the files of before are watched until the end of the switch. */
  static int needed(int held, int files, int more) {
    // Where no file is new, as on the way back, nothing may be in the way.
    return Math.max(files + OTHERS, more == 0 ? 0 : held + more + SPARE);
  }

  /** How many instances the processes of a user have, as far as this process may look. */
  private static int held(long user) throws IOException {
    int held = 0;
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(String.valueOf(process.getFileName()));
        if (Processes.user(pid).equals(Optional.of(user))) {
          held += heldBy(pid);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return held;
  }

  /** How many instances a process has; none if it can't be looked at. */
  static int heldBy(long pid) {
    int held = 0;
    try (var open = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path file : open) {
        held += isInstance(file) ? 1 : 0;
      }
    } catch (IOException | DirectoryIteratorException e) {
      // It has ended, or is not ours to look at.
    }
    return held;
  }

  private static boolean isInstance(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().equals("anon_inode:inotify");
    } catch (IOException e) {
      return false;
    }
  }
}
