package io.sluice.agent.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The TCP ports on which somebody listens in this network namespace. */
public final class Listening {

  private static final String STATE = "0A";

  private Listening() {}

  /** Those of a user, of either family. */
  public static SortedSet<Integer> of(long uid) throws IOException {
    return ports(uid, true);
  }

  /** Those of everybody but a user, of either family. */
  public static SortedSet<Integer> ofOthersThan(long uid) throws IOException {
    return ports(uid, false);
  }

  private static SortedSet<Integer> ports(long uid, boolean wanted) throws IOException {
    SortedSet<Integer> ports = new TreeSet<>();
    for (String name : List.of("tcp", "tcp6")) {
      Path file = Path.of("/proc/net", name);
      if (!Files.exists(file)) {
        continue;
      }
      try (var lines = Files.lines(file)) {
        for (String line : (Iterable<String>) lines.skip(1)::iterator) {
          // 0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 …
          String[] words = line.strip().split("\\s+", 9);
          if (words.length < 9 || !words[3].equals(STATE)) {
            // The kernel tells listeners first.
            break;
          }
          if ((Long.parseLong(words[7]) == uid) == wanted) {
            ports.add(Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16));
          }
        }
      }
    }
    return ports;
  }
}
