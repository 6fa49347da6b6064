package io.sluice.rendering.bundle;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A tree of small files, named by the digest of its root manifest; the format is in docs/bundle.md.
 * Equal trees have equal digests, and bundles share the folders that they have in common.
 */
public final class Bundle {

  private final Folder root;

  private Bundle(Folder root) {
    this.root = root;
  }

  /** The bundle with this root folder. */
  public static Bundle of(Folder root) {
    return new Bundle(root);
  }

  /**
   * The bundle of these files.
   *
   * @param contents from path, such as {@code envoy/listeners/a.json}, to content
   * @throws IllegalArgumentException for a path that an agent would refuse
   */
  public static Bundle of(Map<String, String> contents) {
    SortedMap<String, Content> files = new TreeMap<>();
    contents.forEach((path, text) -> files.put(path, Content.of(text)));
    return new Bundle(Folder.ofPaths(files));
  }

  /** The name of this bundle: the digest of its root manifest. */
  public Digest digest() {
    return root.digest();
  }

  /** All of it. */
  public Folder root() {
    return root;
  }

  /** The file at a path. */
  public Optional<Content> file(String path) {
    return root.file(path);
  }

  /** Every file's digest by its path, gathered anew each time: a bundle may have thousands. */
  public SortedMap<String, Digest> files() {
    SortedMap<String, Digest> files = new TreeMap<>();
    root.forEachFile((path, content) -> files.put(path, content.digest()));
    return files;
  }

  /** The files below a folder's path without a slash at its end, by their whole path. */
  public void forEachFileIn(String folder, BiConsumer<String, Content> use) {
    Node node = root;
    for (String segment : folder.split("/", -1)) {
      node = node instanceof Folder in ? in.get(segment).orElse(null) : null;
    }
    if (node instanceof Folder found) {
      found.forEachFile((path, content) -> use.accept(folder + "/" + path, content));
    }
  }

  /** A manifest's or file's bytes. The array is shared: not to be written to. */
  public Optional<byte[]> object(Digest digest) {
    return object(root, digest);
  }

  /**
   * A file's content as text.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  public String text(String path) {
    return file(path)
        .orElseThrow(
            () -> new IllegalArgumentException("no file " + path + " in bundle " + digest()))
        .text();
  }

  private static Optional<byte[]> object(Folder folder, Digest digest) {
    if (folder.digest().equals(digest)) {
      return Optional.of(folder.manifest());
    }
    Finding finding = new Finding(digest);
    folder.forEach(finding::look);
    return finding.found;
  }

  /** Looks through one folder. */
  private static final class Finding {
    private final Digest wanted;
    private Optional<byte[]> found = Optional.empty();

    Finding(Digest wanted) {
      this.wanted = wanted;
    }

    void look(String name, Node node) {
      if (found.isEmpty()) {
        found =
            switch (node) {
              case Content content ->
                  content.digest().equals(wanted) ? Optional.of(content.bytes()) : Optional.empty();
              case Folder folder -> object(folder, wanted);
            };
      }
    }
  }
}
