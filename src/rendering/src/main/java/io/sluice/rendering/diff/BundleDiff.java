package io.sluice.rendering.diff;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Difference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The difference between two bundles, as {@code git diff} shows that between two trees. */
public final class BundleDiff {

  private static final JsonMapper PRETTY =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final String NO_FILE = "/dev/null";

  private final String folder;
  private final Optional<Bundle> before;
  private final Optional<Bundle> after;

  /**
   * A comparison.
   *
   * @param folder what stands before the paths of the files, such as {@code default/web-01/}
   * @param before empty if there was none, and all files are new
   * @param after empty if there is none any more
   */
  public BundleDiff(String folder, Optional<Bundle> before, Optional<Bundle> after) {
    this.folder = folder;
    this.before = before;
    this.after = after;
  }

  /** The paths of the files that differ. */
  public SortedSet<String> paths() {
    return Difference.between(orEmpty(before), orEmpty(after)).paths();
  }

  private static Bundle orEmpty(Optional<Bundle> bundle) {
    return bundle.orElseGet(() -> Bundle.of(Map.of()));
  }

  /**
   * The unified difference of each file that differs, by path.
   *
   * @param room how many characters there may be; the file that goes beyond is the last
   */
  public SortedMap<String, String> files(int room) {
    SortedMap<String, String> files = new TreeMap<>();
    int left = room;
    for (String path : paths()) {
      if (left <= 0) {
        break;
      }
      String text = file(path);
      files.put(path, text);
      left -= text.length();
    }
    return files;
  }

  private String file(String path) {
    return "--- %s\n+++ %s\n".formatted(name("a/", before, path), name("b/", after, path))
        + LineDiff.hunks(lines(before, path), lines(after, path));
  }

  private String name(String side, Optional<Bundle> bundle, String path) {
    return content(bundle, path).isEmpty() ? NO_FILE : side + folder + path;
  }

  private static Optional<Content> content(Optional<Bundle> bundle, String path) {
    return bundle.flatMap(of -> of.file(path));
  }

  /** JSON stands on one line in a bundle; people compare it field by field. */
  private static List<String> lines(Optional<Bundle> bundle, String path) {
    return content(bundle, path)
        .map(Content::text)
        .map(
            text ->
                path.endsWith(".json") ? PRETTY.writeValueAsString(PRETTY.readTree(text)) : text)
        .map(readable -> readable.lines().toList())
        .orElse(List.of());
  }
}
