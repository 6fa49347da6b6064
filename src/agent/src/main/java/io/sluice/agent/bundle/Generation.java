package io.sluice.agent.bundle;

import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A bundle on this host's disk: it never changes, and is verified whenever it is read. */
public final class Generation {

  private final Tree tree;
  private final Contents contents;
  private final long bytes;
  private final List<Path> unsynced;
  private @Nullable Settings settings;

  /** Where the contents of files are. */
  @FunctionalInterface
  interface Contents {
    /** The content of a file, which has this digest. */
    byte[] read(String path, Digest digest) throws IOException, RefusedException;
  }

  Generation(Tree tree, Contents contents, long bytes, List<Path> unsynced) {
    this.tree = tree;
    this.contents = contents;
    this.bytes = bytes;
    this.unsynced = new ArrayList<>(unsynced);
  }

  /**
   * Makes it survive a loss of power. It is asked for before the generation is named as applied,
   * and not before Envoy is given it: a disk may take longer for it than everything else does.
   */
  public void makeDurable() throws IOException {
    for (Path path : unsynced) {
      HostFiles.sync(path);
    }
    unsynced.clear();
  }

  /** The bundle's name. */
  public Digest digest() {
    return tree.digest();
  }

  /** The names and digests. */
  public Tree tree() {
    return tree;
  }

  /** In which files it differs from another one: by path, absent if this one has it not. */
  public SortedMap<String, Optional<Digest>> changesSince(Optional<Generation> before) {
    return tree.changesSince(before.map(Generation::tree).orElse(Tree.EMPTY));
  }

  /** How large all files are together. */
  long bytes() {
    return bytes;
  }

  /** The settings. */
  public Settings settings() throws IOException, RefusedException {
    Settings parsed = settings;
    if (parsed == null) {
      parsed = Settings.parse(read("agent.properties"));
      settings = parsed;
    }
    return parsed;
  }

  /** A file's content if the bundle has it. */
  public Optional<byte[]> find(String path) throws IOException, RefusedException {
    return tree.file(path).isPresent() ? Optional.of(read(path)) : Optional.empty();
  }

  /**
   * A file's content.
   *
   * @throws RefusedException if the bundle has no such file
   * @throws IOException if it can't be read, or the disk's content isn't it any more; the control
   *     plane is asked for it when the next bundle comes
   */
  public byte[] read(String path) throws IOException, RefusedException {
    Optional<Digest> expected = tree.file(path);
    if (expected.isEmpty()) {
      throw new RefusedException("the bundle has no " + path);
    }
    return contents.read(path, expected.get());
  }
}
