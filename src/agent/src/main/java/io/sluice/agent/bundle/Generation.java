package io.sluice.agent.bundle;

import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A bundle on this host's disk: an immutable folder, verified whenever it is read. */
public final class Generation {

  private final Path folder;
  private final Tree tree;
  private final List<Path> unsynced;
  private @Nullable Settings settings;

  Generation(Path folder, Tree tree, List<Path> unsynced) {
    this.folder = folder;
    this.tree = tree;
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
    return tree.files().containsKey(path) ? Optional.of(read(path)) : Optional.empty();
  }

  /**
   * A file's content.
   *
   * @throws RefusedException if the bundle has no such file, or the disk's content isn't it
   */
  public byte[] read(String path) throws IOException, RefusedException {
    Digest expected = tree.files().get(path);
    if (expected == null) {
      throw new RefusedException("the bundle has no " + path);
    }
    byte[] content = bounded(folder.resolve(path));
    if (!Digest.of(content).equals(expected)) {
      throw new RefusedException(folder.resolve(path) + " was changed on this host");
    }
    return content;
  }

  Path path(String file) {
    return folder.resolve(file);
  }

  static byte[] bounded(Path file) throws IOException, RefusedException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(Limits.FILE_BYTES + 1);
      if (content.length > Limits.FILE_BYTES) {
        throw new RefusedException(file.getFileName() + " is larger than 4 MiB");
      }
      return content;
    }
  }
}
