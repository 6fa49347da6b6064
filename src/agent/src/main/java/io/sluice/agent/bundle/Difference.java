package io.sluice.agent.bundle;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What becomes of one tree to make another, as docs/bundle.md has it. */
final class Difference {

  private static final String GONE = "-";

  private Difference() {}

  /**
   * Reads the changes by path; absent is a file that goes.
   *
   * @throws RefusedException unless the text is exactly what a control plane writes: sorted, each
   *     path once and safe
   */
  static SortedMap<String, Optional<Digest>> read(Path file) throws IOException, RefusedException {
    TreeMap<String, Optional<Digest>> changes = new TreeMap<>();
    String previous = "";
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf("  ");
        String what = space < 0 ? "" : line.substring(0, space);
        if (!what.equals(GONE) && !Digest.isDigest(what)) {
          throw new RefusedException("not a line of a difference");
        }
        String path = line.substring(space + 2);
        demandSafe(path);
        if (path.compareTo(previous) <= 0) {
          throw new RefusedException("a difference is not sorted: " + previous + ", " + path);
        }
        previous = path;
        changes.put(path, what.equals(GONE) ? Optional.empty() : Optional.of(new Digest(what)));
        if (changes.size() > 2 * Limits.FILES) {
          throw new RefusedException("a difference has more lines than two bundles have files");
        }
      }
    }
    return changes;
  }

  private static void demandSafe(String path) throws RefusedException {
    String[] segments = path.split("/", -1);
    if (segments.length > Limits.DEPTH) {
      throw new RefusedException("folders nest deeper than " + Limits.DEPTH);
    }
    for (String segment : segments) {
      if (!Limits.NAME.matcher(segment).matches()) {
        throw new RefusedException("not a path that a difference may have");
      }
    }
  }
}
