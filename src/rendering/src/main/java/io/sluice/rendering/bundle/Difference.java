package io.sluice.rendering.bundle;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of one bundle's files is not as in another. Folders that both have are passed over, so that
 * it costs what differs and the folders around it.
 *
 * @param present the files that are new or have another content, by path
 * @param gone the paths that are there no more
 */
public record Difference(SortedMap<String, Content> present, SortedSet<String> gone) {

  /** Copies both. */
  public Difference {
    present = Collections.unmodifiableSortedMap(new TreeMap<>(present));
    gone = Collections.unmodifiableSortedSet(new TreeSet<>(gone));
  }

  /** What has to be done to one bundle to have the other. */
  public static Difference between(Bundle before, Bundle after) {
    Walk walk = new Walk();
    walk.folder("", Optional.of(before.root()), Optional.of(after.root()));
    return new Difference(walk.present, walk.gone);
  }

  /** All paths that differ. */
  public SortedSet<String> paths() {
    SortedSet<String> paths = new TreeSet<>(gone);
    paths.addAll(present.keySet());
    return paths;
  }

  /** The form in which agents get it, docs/bundle.md. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (String path : paths()) {
      Content content = present.get(path);
      text.append(content == null ? "-" : content.digest()).append("  ").append(path).append('\n');
    }
    return text.toString();
  }

  private static final class Walk {
    private final SortedMap<String, Content> present = new TreeMap<>();
    private final SortedSet<String> gone = new TreeSet<>();

    void folder(String path, Optional<Folder> before, Optional<Folder> after) {
      if (before.map(Folder::digest).equals(after.map(Folder::digest))) {
        return;
      }
      after.ifPresent(now -> now.forEach((name, node) -> node(path + name, before, name, node)));
      before.ifPresent(
          then ->
              then.forEach(
                  (name, node) -> {
                    if (after.flatMap(now -> now.entry(name)).isEmpty()) {
                      removed(path + name, node);
                    }
                  }));
    }

    private void node(String path, Optional<Folder> before, String name, Node now) {
      Optional<Node> then = before.flatMap(folder -> folder.entry(name));
      switch (now) {
        case Content content -> {
          if (then.isEmpty() || !then.get().digest().equals(content.digest())) {
            present.put(path, content);
          }
        }
        case Folder folder -> folder(path, then.map(Folder.class::cast), Optional.of(folder));
      }
    }

    private void removed(String path, Node node) {
      switch (node) {
        case Content _ -> gone.add(path);
        case Folder folder -> folder(path, Optional.of(folder), Optional.empty());
      }
    }
  }
}
