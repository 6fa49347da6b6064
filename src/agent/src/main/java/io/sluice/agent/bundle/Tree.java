package io.sluice.agent.bundle;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The names and digests of a bundle's files: everything about it but the contents. */
public final class Tree {

  /** A tree without files. */
  static final Tree EMPTY = new Tree(Folder.EMPTY);

  private final Folder root;

  private Tree(Folder root) {
    this.root = root;
  }

  /**
   * The tree of these files.
   *
   * @param files from path, such as {@code envoy/listeners/a.json}, to the content's digest
   */
  public static Tree of(Map<String, Digest> files) throws RefusedException {
    TreeMap<String, Optional<Digest>> all = new TreeMap<>();
    files.forEach((path, digest) -> all.put(path, Optional.of(digest)));
    return EMPTY.with(all);
  }

  /** Where manifests come from while a tree is read. */
  @FunctionalInterface
  interface Manifests {
    /** The manifest of this digest, verified. */
    byte[] get(Digest digest) throws IOException, RefusedException;
  }

  /**
   * The tree whose root manifest has a digest.
   *
   * @param like a tree of which many folders are likely to be the same; their manifests are not
   *     asked for
   * @throws RefusedException for a manifest that isn't one, or more than the limits allow
   * @throws IOException if a manifest can't be had
   */
  static Tree read(Digest root, Tree like, Manifests manifests)
      throws IOException, RefusedException {
    return new Tree(new Walk(manifests).folder("", root, Optional.of(like.root), 1));
  }

  /**
   * This tree after some changes.
   *
   * @param changes by path; absent is a file that goes
   * @throws RefusedException if they are not changes of this tree, or more than the limits allow
   */
  Tree with(SortedMap<String, Optional<Digest>> changes) throws RefusedException {
    Tree changed = new Tree(root.with(changes));
    int[] files = new int[1];
    changed.forEachFile((path, digest) -> files[0]++);
    if (files[0] > Limits.FILES) {
      throw new RefusedException("the bundle has more than " + Limits.FILES + " files");
    }
    return changed;
  }

  /** The bundle's name: the digest of the root manifest. */
  public Digest digest() {
    return root.digest();
  }

  /** The root folder's manifest. */
  byte[] manifest() {
    return root.manifest();
  }

  /** Every file's digest by its path. */
  public SortedMap<String, Digest> files() {
    TreeMap<String, Digest> files = new TreeMap<>();
    forEachFile(files::put);
    return files;
  }

  /** Tells every file's path and digest. */
  void forEachFile(BiConsumer<String, Digest> use) {
    root.forEachFile("", use);
  }

  /** A file's digest, if the tree has it. */
  public Optional<Digest> file(String path) {
    int slash = path.lastIndexOf('/') + 1;
    return find(path.substring(0, slash)).flatMap(folder -> folder.file(path.substring(slash)));
  }

  /** The files directly or deeper in a folder such as {@code envoy/listeners/}, by whole path. */
  public SortedMap<String, Digest> filesIn(String folder) {
    TreeMap<String, Digest> files = new TreeMap<>();
    find(folder).ifPresent(found -> found.forEachFile(folder, files::put));
    return files;
  }

  /** The digest of a folder such as {@code envoy/listeners/}; empty if there is none. */
  public Optional<Digest> folder(String path) {
    return find(path).map(Folder::digest);
  }

  /**
   * The files whose content is another than in a tree before, or which only one of them has. What
   * both have in common costs nothing.
   *
   * @return by path; absent if this one has it not
   */
  public SortedMap<String, Optional<Digest>> changesSince(Tree before) {
    TreeMap<String, Optional<Digest>> changes = new TreeMap<>();
    root.changes("", before.root, changes);
    return changes;
  }

  /** The manifests of folders that are not the same at the same place of another tree. */
  Map<Digest, Folder> foldersSince(Tree before) {
    Map<Digest, Folder> folders = new HashMap<>();
    root.newSince(before.root, folders);
    return folders;
  }

  /** Adds the objects that are not at the same place of another tree, manifests too. */
  void addObjectsNotIn(Tree other, Set<Digest> into) {
    changesSince(other).values().forEach(file -> file.ifPresent(into::add));
    into.addAll(foldersSince(other).keySet());
  }

  /** Adds all objects, manifests too. */
  void addObjects(Set<Digest> into) {
    addObjectsNotIn(EMPTY, into);
  }

  /**
   * Removes from a set what this tree needs.
   *
   * @param seen folders that were looked at before, for other trees
   */
  void retain(Set<Digest> unneeded, Set<Digest> seen) {
    retain(root, unneeded, seen);
  }

  private static void retain(Folder folder, Set<Digest> unneeded, Set<Digest> seen) {
    if (seen.add(folder.digest())) {
      unneeded.remove(folder.digest());
      folder.folders().values().forEach(inside -> retain(inside, unneeded, seen));
      folder.forEachOwnFile(unneeded::remove);
    }
  }

  private Optional<Folder> find(String path) {
    Optional<Folder> found = Optional.of(root);
    int from = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
      String name = path.substring(from, slash + 1);
      found = found.flatMap(folder -> folder.folder(name));
      from = slash + 1;
    }
    return found;
  }

  private static final class Walk {
    private final Manifests manifests;
    private int files;
    private int folders;

    Walk(Manifests manifests) {
      this.manifests = manifests;
    }

    Folder folder(String path, Digest digest, Optional<Folder> like, int depth)
        throws IOException, RefusedException {
      if (depth > Limits.DEPTH) {
        throw new RefusedException("folders nest deeper than " + Limits.DEPTH + ": " + path);
      }
      if (++folders > Limits.FILES) {
        throw new RefusedException("the bundle has more than " + Limits.FILES + " folders");
      }
      if (like.isPresent() && like.get().digest().equals(digest)) {
        like.get().forEachFile(path, (each, file) -> files++);
        demandFiles();
        return like.get();
      }
      Map<String, Digest> inside = new HashMap<>();
      Map<String, Folder> deeper = new HashMap<>();
      for (Map.Entry<String, Digest> entry : Manifest.parse(manifests.get(digest)).entrySet()) {
        String name = entry.getKey();
        if (name.endsWith("/")) {
          Optional<Folder> there = like.flatMap(folder -> folder.folder(name));
          deeper.put(name, folder(path + name, entry.getValue(), there, depth + 1));
        } else {
          files++;
          demandFiles();
          inside.put(name, entry.getValue());
        }
      }
      if (depth > 1 && inside.isEmpty() && deeper.isEmpty()) {
        throw new RefusedException("the bundle has an empty folder");
      }
      return new Folder(inside, deeper);
    }

    private void demandFiles() throws RefusedException {
      if (files > Limits.FILES) {
        throw new RefusedException("the bundle has more than " + Limits.FILES + " files");
      }
    }
  }
}
