package io.sluice.agent.bundle;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A folder of a tree. Trees that differ in one file have all folders but those above it in common.
 */
final class Folder {

  static final Folder EMPTY = new Folder(new TreeMap<>(), Map.of());

  private final SortedMap<String, Digest> entries;
  private final Map<String, Folder> folders;
  private final Digest digest;

  /**
   * A folder.
   *
   * @param files by name
   * @param folders by name, with the slash at its end
   */
  Folder(Map<String, Digest> files, Map<String, Folder> folders) {
    TreeMap<String, Digest> all = new TreeMap<>(files);
    folders.forEach((name, folder) -> all.put(name, folder.digest));
    this.entries = Collections.unmodifiableSortedMap(all);
    this.folders = Map.copyOf(folders);
    this.digest = Digest.of(manifest());
  }

  Digest digest() {
    return digest;
  }

  byte[] manifest() {
    return Manifest.write(entries);
  }

  Optional<Folder> folder(String name) {
    return Optional.ofNullable(folders.get(name));
  }

  Map<String, Folder> folders() {
    return folders;
  }

  /** A file directly in it. */
  Optional<Digest> file(String name) {
    return name.endsWith("/") ? Optional.empty() : Optional.ofNullable(entries.get(name));
  }

  /** The files directly and deeper in it, by their path. */
  void forEachFile(String path, BiConsumer<String, Digest> use) {
    entries.forEach(
        (name, each) -> {
          Folder inside = folders.get(name);
          if (inside == null) {
            use.accept(path + name, each);
          } else {
            inside.forEachFile(path + name, use);
          }
        });
  }

  /** Tells the digest of each file directly in it. */
  void forEachOwnFile(Consumer<Digest> use) {
    entries.forEach(
        (name, each) -> {
          if (!name.endsWith("/")) {
            use.accept(each);
          }
        });
  }

  /**
   * The files whose content is another than in a folder before it, or which only one of them has:
   * by path, absent if it is this one that has it not.
   */
  void changes(String path, Folder before, SortedMap<String, Optional<Digest>> into) {
    if (digest.equals(before.digest)) {
      return;
    }
    before.entries.forEach(
        (name, old) -> {
          if (!entries.containsKey(name)) {
            EMPTY.changes(path, name, before, into);
          }
        });
    entries.forEach(
        (name, now) -> {
          if (!now.equals(before.entries.get(name))) {
            changes(path, name, before, into);
          }
        });
  }

  private void changes(
      String path, String name, Folder before, SortedMap<String, Optional<Digest>> into) {
    if (name.endsWith("/")) {
      folder(name).orElse(EMPTY).changes(path + name, before.folder(name).orElse(EMPTY), into);
    } else {
      into.put(path + name, file(name));
    }
  }

  /** The folders in it, and itself, that are not the same at this place of another tree. */
  void newSince(Folder before, Map<Digest, Folder> into) {
    if (!digest.equals(before.digest)) {
      into.put(digest, this);
      folders.forEach((name, folder) -> folder.newSince(before.folder(name).orElse(EMPTY), into));
    }
  }

  /**
   * This folder after some changes.
   *
   * @param changes by path within it; absent is a file that goes
   * @throws RefusedException if a file goes that is not there, or is in the place of a folder
   */
  Folder with(SortedMap<String, Optional<Digest>> changes) throws RefusedException {
    Map<String, Digest> files = new HashMap<>(entries);
    files.keySet().removeAll(folders.keySet());
    Map<String, Folder> inside = new HashMap<>(folders);
    SortedMap<String, Optional<Digest>> rest = changes;
    while (!rest.isEmpty()) {
      String path = rest.firstKey();
      int slash = path.indexOf('/');
      if (slash < 0) {
        change(files, path, changes.getOrDefault(path, Optional.empty()));
        rest = rest.tailMap(path + '\0');
      } else {
        String name = path.substring(0, slash + 1);
        // '0' is the character after '/': the end of everything in this folder.
        String end = path.substring(0, slash) + '0';
        TreeMap<String, Optional<Digest>> deeper = new TreeMap<>();
        rest.headMap(end).forEach((each, to) -> deeper.put(each.substring(slash + 1), to));
        Folder changed = inside.getOrDefault(name, EMPTY).with(deeper);
        inside.remove(name);
        if (!changed.entries.isEmpty()) {
          inside.put(name, changed);
        }
        rest = rest.tailMap(end);
      }
    }
    for (String name : inside.keySet()) {
      if (files.containsKey(name.substring(0, name.length() - 1))) {
        throw new RefusedException(name + " is a file and a folder");
      }
    }
    return new Folder(files, inside);
  }

  private static void change(Map<String, Digest> files, String name, Optional<Digest> to)
      throws RefusedException {
    if (to.isPresent()) {
      files.put(name, to.get());
    } else if (files.remove(name) == null) {
      throw new RefusedException("a file goes that is not there: " + name);
    }
  }
}
