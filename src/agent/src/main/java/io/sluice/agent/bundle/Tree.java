package io.sluice.agent.bundle;

import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The names and digests of a bundle's files: everything about it but the contents. */
public final class Tree {

  private final SortedMap<String, Digest> files;
  private final Map<String, Digest> folders = new HashMap<>();
  private final Map<Digest, byte[]> manifests = new HashMap<>();

  /**
   * The tree of these files.
   *
   * @param files from path, such as {@code envoy/listeners/a.json}, to the content's digest
   */
  public Tree(SortedMap<String, Digest> files) {
    this.files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    digestOf("", this.files);
  }

  /** Where manifests come from while a tree is read. */
  @FunctionalInterface
  public interface Manifests {
    /** The manifest of this digest, verified. */
    byte[] get(Digest digest) throws IOException, RefusedException;
  }

  /**
   * The tree whose root manifest has a digest.
   *
   * @throws RefusedException for a manifest that isn't one, or more than the limits allow
   * @throws IOException if a manifest can't be had
   */
  public static Tree read(Digest root, Manifests manifests) throws IOException, RefusedException {
    TreeMap<String, Digest> files = new TreeMap<>();
    new Walk(manifests, files).folder("", root, 1);
    Tree tree = new Tree(files);
    if (!tree.digest().equals(root)) {
      throw new RefusedException("the bundle has an empty folder");
    }
    return tree;
  }

  /** The bundle's name: the digest of the root manifest. */
  public Digest digest() {
    return folder("").orElseThrow();
  }

  /** Every file's digest by its path. */
  public SortedMap<String, Digest> files() {
    return files;
  }

  /** The files directly or deeper in a folder such as {@code envoy/listeners/}, by whole path. */
  public SortedMap<String, Digest> filesIn(String folder) {
    return files.subMap(folder, folder.substring(0, folder.length() - 1) + '0');
  }

  /** The digest of a folder such as {@code envoy/listeners/}; empty if there is none. */
  public Optional<Digest> folder(String path) {
    return Optional.ofNullable(folders.get(path));
  }

  /** The manifest with a digest, if it is one of this tree. */
  Optional<byte[]> manifest(Digest digest) {
    return Optional.ofNullable(manifests.get(digest));
  }

  private Digest digestOf(String path, SortedMap<String, Digest> inside) {
    TreeMap<String, Digest> entries = new TreeMap<>();
    SortedMap<String, Digest> rest = inside;
    while (!rest.isEmpty()) {
      String first = rest.firstKey();
      int slash = first.indexOf('/', path.length());
      if (slash < 0) {
        entries.put(first.substring(path.length()), rest.get(first));
        rest = rest.tailMap(first + '\0');
      } else {
        String folder = first.substring(0, slash + 1);
        // '0' is the character after '/': the end of everything in this folder.
        String end = first.substring(0, slash) + '0';
        entries.put(folder.substring(path.length()), digestOf(folder, rest.headMap(end)));
        rest = rest.tailMap(end);
      }
    }
    byte[] manifest = Manifest.write(entries);
    Digest digest = Digest.of(manifest);
    folders.put(path, digest);
    manifests.put(digest, manifest);
    return digest;
  }

  private static final class Walk {
    private final Manifests manifests;
    private final SortedMap<String, Digest> files;
    private int folders;

    Walk(Manifests manifests, SortedMap<String, Digest> files) {
      this.manifests = manifests;
      this.files = files;
    }

    void folder(String path, Digest digest, int depth) throws IOException, RefusedException {
      if (depth > Limits.DEPTH) {
        throw new RefusedException("folders nest deeper than " + Limits.DEPTH + ": " + path);
      }
      if (++folders > Limits.FILES) {
        throw new RefusedException("the bundle has more than " + Limits.FILES + " folders");
      }
      for (Map.Entry<String, Digest> entry : Manifest.parse(manifests.get(digest)).entrySet()) {
        String name = path + entry.getKey();
        if (name.endsWith("/")) {
          folder(name, entry.getValue(), depth + 1);
        } else if (files.size() == Limits.FILES) {
          throw new RefusedException("the bundle has more than " + Limits.FILES + " files");
        } else {
          files.put(name, entry.getValue());
        }
      }
    }
  }
}
