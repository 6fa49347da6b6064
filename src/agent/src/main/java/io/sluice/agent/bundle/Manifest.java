package io.sluice.agent.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** One folder's manifest in the format of {@code sha256sum}. */
final class Manifest {

  private static final int NAME_AT = 66;

  private Manifest() {}

  /**
   * The digests by name, a subfolder's name with its trailing slash.
   *
   * @throws RefusedException unless the text is exactly what a renderer writes: sorted, each name
   *     once (also with and without a slash), each a safe segment
   */
  static Map<String, Digest> parse(byte[] content) throws RefusedException {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    TreeMap<String, Digest> entries = new TreeMap<>();
    int start = 0;
    String previous = "";
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        throw new RefusedException("a manifest's last line has no end");
      }
      String line = text.substring(start, end);
      start = end + 1;
      String name = name(line);
      if (name.compareTo(previous) <= 0) {
        throw new RefusedException("a manifest is not sorted: " + previous + " before " + name);
      }
      previous = name;
      String sibling = name.endsWith("/") ? segment(name) : name + "/";
      if (entries.containsKey(sibling)) {
        throw new RefusedException("a manifest has " + segment(name) + " as file and as folder");
      }
      entries.put(name, new Digest(line.substring(0, 64)));
    }
    return entries;
  }

  static byte[] write(Map<String, Digest> sorted) {
    StringBuilder text = new StringBuilder();
    sorted.forEach((name, digest) -> text.append(digest).append("  ").append(name).append('\n'));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String name(String line) throws RefusedException {
    if (line.length() <= NAME_AT
        || !line.startsWith("  ", 64)
        || !Digest.isDigest(line.substring(0, 64))) {
      throw new RefusedException("not a manifest's line: " + quoted(line));
    }
    String name = line.substring(NAME_AT);
    if (!Limits.NAME.matcher(segment(name)).matches()) {
      throw new RefusedException("not a name that a manifest may have: " + quoted(name));
    }
    return name;
  }

  private static String segment(String name) {
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  private static String quoted(String text) {
    String shown = text.length() <= 200 ? text : text.substring(0, 200) + "…";
    return '"' + shown.replaceAll("[^ -~]", "?") + '"';
  }
}
