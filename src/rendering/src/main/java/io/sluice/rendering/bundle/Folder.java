package io.sluice.rendering.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * A folder of a bundle. It is hashed once, when it is made, and then stands in any number of
 * bundles. Its manifest is written when it is asked for: those of large folders are far larger than
 * what is held of them.
 */
public final class Folder implements Node {

  private static final Pattern SEGMENT = Pattern.compile("[a-z0-9][a-z0-9._-]{0,126}");

  /** As a manifest has them, in its order: that of a folder ends in a slash. */
  private final String[] names;

  private final Node[] nodes;
  private final Digest digest;

  private Folder(SortedMap<String, Node> entries) {
    this.names = entries.keySet().toArray(String[]::new);
    this.nodes = entries.values().toArray(Node[]::new);
    this.digest = Digest.of(manifest());
  }

  /**
   * A folder of these files and folders.
   *
   * @param entries by name, without slashes
   * @throws IllegalArgumentException for a name that an agent would refuse
   */
  public static Folder of(Map<String, ? extends Node> entries) {
    SortedMap<String, Node> named = new TreeMap<>();
    entries.forEach(
        (name, node) -> {
          if (!SEGMENT.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name in a bundle: " + name);
          }
          named.put(inManifest(name, node), node);
        });
    return new Folder(named);
  }

  /**
   * A folder of files and the folders that their paths name.
   *
   * @param files by path, such as {@code listeners/a.json}
   * @throws IllegalArgumentException for a path that an agent would refuse
   */
  public static Folder ofPaths(Map<String, Content> files) {
    Sorter root = new Sorter();
    files.forEach(root::add);
    return root.folder();
  }

  @Override
  public Digest digest() {
    return digest;
  }

  /** How many files and folders it has itself. */
  public int size() {
    return names.length;
  }

  /** What stands in it under a name without slashes. */
  public Optional<Node> get(String name) {
    return entry(name).or(() -> entry(name + "/"));
  }

  /** What stands in it under a name as the manifest has it: that of a folder ends in a slash. */
  public Optional<Node> entry(String name) {
    int at = Arrays.binarySearch(names, name);
    return at >= 0 ? Optional.of(nodes[at]) : Optional.empty();
  }

  /** The file at a path such as {@code listeners/a.json}. */
  public Optional<Content> file(String path) {
    int slash = path.indexOf('/');
    if (slash < 0) {
      return get(path).filter(Content.class::isInstance).map(Content.class::cast);
    }
    return get(path.substring(0, slash))
        .filter(Folder.class::isInstance)
        .flatMap(node -> ((Folder) node).file(path.substring(slash + 1)));
  }

  /** The same folder with another file or folder under a name. */
  public Folder with(String name, Node node) {
    NavigableMap<String, Node> entries = entries();
    entries.put(inManifest(name, node), node);
    return new Folder(entries);
  }

  /** The same folder without what stands under a name. */
  public Folder without(String name) {
    NavigableMap<String, Node> entries = entries();
    entries.remove(name);
    entries.remove(name + "/");
    return new Folder(entries);
  }

  /** Each file and folder of its own, by its name in the manifest. */
  public void forEach(BiConsumer<String, Node> use) {
    for (int i = 0; i < names.length; i++) {
      use.accept(names[i], nodes[i]);
    }
  }

  /** Each file at any depth, by its path, in the order of paths. */
  public void forEachFile(BiConsumer<String, Content> use) {
    files("", use);
  }

  /** The text by which agents know it; docs/bundle.md has its form. */
  public byte[] manifest() {
    StringBuilder manifest = new StringBuilder();
    forEach((name, node) -> manifest.append(node.digest()).append("  ").append(name).append('\n'));
    return manifest.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void files(String path, BiConsumer<String, Content> use) {
    forEach(
        (name, node) -> {
          switch (node) {
            case Content content -> use.accept(path + name, content);
            case Folder folder -> folder.files(path + name, use);
          }
        });
  }

  private NavigableMap<String, Node> entries() {
    NavigableMap<String, Node> entries = new TreeMap<>();
    forEach(entries::put);
    return entries;
  }

  private static String inManifest(String name, Node node) {
    return node instanceof Folder ? name + "/" : name;
  }

  @Override
  public String toString() {
    return digest + " (" + names.length + " entries)";
  }

  /** Sorts files by the folders of their paths. */
  private static final class Sorter {
    private final SortedMap<String, Content> files = new TreeMap<>();
    private final SortedMap<String, Sorter> folders = new TreeMap<>();

    void add(String path, Content content) {
      int slash = path.indexOf('/');
      if (slash < 0) {
        files.put(path, content);
      } else {
        folders
            .computeIfAbsent(path.substring(0, slash), ignored -> new Sorter())
            .add(path.substring(slash + 1), content);
      }
    }

    Folder folder() {
      SortedMap<String, Node> entries = new TreeMap<>(files);
      folders.forEach((name, sorter) -> entries.put(name, sorter.folder()));
      return Folder.of(entries);
    }
  }
}
