package io.sluice.rendering.diff;

import io.sluice.rendering.bundle.Bundle;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
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
    SortedSet<String> paths = new TreeSet<>();
    before.ifPresent(bundle -> paths.addAll(bundle.files().keySet()));
    after.ifPresent(bundle -> paths.addAll(bundle.files().keySet()));
    paths.removeIf(path -> Objects.equals(digest(before, path), digest(after, path)));
    return paths;
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
    return digest(bundle, path).isEmpty() ? NO_FILE : side + folder + path;
  }

  private static Optional<Object> digest(Optional<Bundle> bundle, String path) {
    return bundle.map(of -> of.files().get(path));
  }

  /** JSON stands on one line in a bundle; people compare it field by field. */
  private static List<String> lines(Optional<Bundle> bundle, String path) {
    if (digest(bundle, path).isEmpty()) {
      return List.of();
    }
    String text = bundle.orElseThrow().text(path);
    String readable =
        path.endsWith(".json") ? PRETTY.writeValueAsString(PRETTY.readTree(text)) : text;
    return readable.lines().toList();
  }
}
