package io.sluice.controlplane.api;

import io.sluice.rendering.bundle.Bundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The difference between two bundles, file by file, line by line. */
final class BundleDiff {

  private static final JsonMapper PRETTY =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private BundleDiff() {}

  /** From path to difference; files that are equal are left out. */
  static SortedMap<String, String> of(Optional<Bundle> before, Optional<Bundle> after) {
    SortedSet<String> paths = new TreeSet<>();
    before.ifPresent(bundle -> paths.addAll(bundle.files().keySet()));
    after.ifPresent(bundle -> paths.addAll(bundle.files().keySet()));
    SortedMap<String, String> differences = new TreeMap<>();
    for (String path : paths) {
      List<String> old = lines(before, path);
      List<String> next = lines(after, path);
      if (!old.equals(next)) {
        differences.put(path, LineDiff.of(old, next));
      }
    }
    return differences;
  }

  /** JSON stands on one line in a bundle; people compare it field by field. */
  private static List<String> lines(Optional<Bundle> bundle, String path) {
    if (bundle.isEmpty() || !bundle.get().files().containsKey(path)) {
      return List.of();
    }
    String text = bundle.get().text(path);
    String readable =
        path.endsWith(".json") ? PRETTY.writeValueAsString(PRETTY.readTree(text)) : text;
    return new ArrayList<>(readable.lines().toList());
  }
}
