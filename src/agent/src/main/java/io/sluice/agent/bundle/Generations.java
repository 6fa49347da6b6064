package io.sluice.agent.bundle;

import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bundles on disk: {@code generations/<digest>/…}, written beside and renamed, so that a crash
 * leaves a whole generation or none; what a loss of power leaves is known by its digest.
 */
public final class Generations {

  private static final int KEPT = 3;

  private final Path folder;
  private final Path incoming;

  /** Those of a state folder. */
  public Generations(Path state) {
    this.folder = state.resolve("generations");
    this.incoming = state.resolve("incoming");
  }

  /** Asks the control plane for one manifest or file. */
  @FunctionalInterface
  public interface Fetch {
    /** The content of this digest, not verified. */
    InputStream get(Digest digest) throws IOException;
  }

  /**
   * Makes a generation of a pack.
   *
   * @param base the generation that the pack is a difference to, if any
   * @throws RefusedException if the pack is no bundle
   * @throws IOException if it could not be read or written; the same may be tried again
   */
  public Generation receive(
      Digest digest, InputStream pack, @Nullable Generation base, Fetch missing)
      throws IOException, RefusedException {
    HostFiles.deleteTree(incoming);
    HostFiles.createFolder(incoming);
    try {
      Pack.unpack(pack, incoming);
      Arrival arrival = new Arrival(new Objects(incoming), base, missing);
      Tree tree = Tree.read(digest, arrival::manifest);
      return assemble(tree, arrival);
    } finally {
      HostFiles.deleteTree(incoming);
    }
  }

  /**
   * A generation from disk, if it is there and every byte of it is what its name says.
   *
   * @throws IOException if it can't be read
   */
  public Optional<Generation> open(Digest digest) throws IOException {
    Path root = folder.resolve(digest.hex());
    if (!Files.isDirectory(root)) {
      return Optional.empty();
    }
    try {
      return Optional.of(in(root)).filter(found -> found.digest().equals(digest));
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  /** A folder with a bundle's files, whatever its digest. */
  public static Generation in(Path root) throws IOException, RefusedException {
    TreeMap<String, Digest> files = new TreeMap<>();
    try (var paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        files.put(root.relativize(path).toString(), Digest.of(Generation.bounded(path)));
      }
    }
    return new Generation(root, new Tree(files), List.of());
  }

  /** Removes the oldest generations but a few, and what a crash left behind. */
  public void prune(Digest inForce) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (var paths = Files.list(folder)) {
      paths.filter(path -> !path.endsWith(inForce.hex())).forEach(all::add);
    }
    Map<Path, Long> times = new HashMap<>();
    for (Path path : all) {
      boolean whole = Digest.isDigest(String.valueOf(path.getFileName()));
      times.put(path, whole ? Files.getLastModifiedTime(path).toMillis() : 0);
    }
    all.sort(Comparator.comparing((Path path) -> times.getOrDefault(path, 0L)).reversed());
    for (Path old : all.subList(Math.min(KEPT - 1, all.size()), all.size())) {
      HostFiles.deleteTree(old);
    }
  }

  private Generation assemble(Tree tree, Arrival arrival) throws IOException, RefusedException {
    Path target = folder.resolve(tree.digest().hex());
    Path beside = folder.resolve(".new-" + tree.digest().brief());
    HostFiles.deleteTree(beside);
    HostFiles.createFolder(folder);
    HostFiles.createFolder(beside);
    Set<Path> folders = new HashSet<>(Set.of(beside));
    List<Path> fresh = new ArrayList<>();
    long total = 0;
    for (Map.Entry<String, Digest> file : tree.files().entrySet()) {
      Path source = arrival.file(file.getValue());
      long size = Files.size(source);
      total += size;
      if (size > Limits.FILE_BYTES || total > Limits.BUNDLE_BYTES) {
        throw new RefusedException(
            file.getKey() + " makes the bundle larger than 256 MiB, or is larger than 4 MiB");
      }
      Path path = beside.resolve(file.getKey());
      Path parent = java.util.Objects.requireNonNull(path.getParent());
      if (folders.add(parent)) {
        HostFiles.createFolder(parent);
      }
      Files.createLink(path, source);
      if (source.startsWith(incoming)) {
        fresh.add(path);
      }
    }
    HostFiles.deleteTree(target);
    Files.move(beside, target);
    List<Path> unsynced = new ArrayList<>();
    fresh.forEach(path -> unsynced.add(target.resolve(beside.relativize(path))));
    folders.forEach(path -> unsynced.add(target.resolve(beside.relativize(path))));
    unsynced.add(folder);
    return new Generation(target, tree, unsynced);
  }

  /** The objects of a new bundle, wherever they are. */
  private static final class Arrival {
    private final Objects objects;
    private final @Nullable Generation base;
    private final Fetch missing;
    private final Map<Digest, String> before = new HashMap<>();

    Arrival(Objects objects, @Nullable Generation base, Fetch missing) {
      this.objects = objects;
      this.base = base;
      this.missing = missing;
      if (base != null) {
        base.tree().files().forEach((path, digest) -> before.put(digest, path));
      }
    }

    byte[] manifest(Digest digest) throws IOException, RefusedException {
      if (base != null) {
        Optional<byte[]> known = base.tree().manifest(digest);
        if (known.isPresent()) {
          return known.get();
        }
      }
      return Files.readAllBytes(received(digest));
    }

    Path file(Digest digest) throws IOException, RefusedException {
      String path = before.get(digest);
      if (path != null && base != null && !Files.exists(objects.path(digest))) {
        Path known = base.path(path);
        if (Digest.of(Generation.bounded(known)).equals(digest)) {
          return known;
        }
      }
      return received(digest);
    }

    private Path received(Digest digest) throws IOException, RefusedException {
      Path path = objects.path(digest);
      if (!Files.exists(path)) {
        try (InputStream content = missing.get(digest)) {
          objects.put(digest, content, Limits.MANIFEST_BYTES);
        }
      }
      return path;
    }
  }
}
