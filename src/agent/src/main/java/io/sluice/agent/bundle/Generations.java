package io.sluice.agent.bundle;

import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bundles on disk: {@code objects/<digest>} is each file and each manifest, once for all
 * bundles that have it, and {@code generations/<digest>} the root manifest of each bundle that is
 * here as a whole. So another bundle costs what it changes. A file is written beside and renamed, a
 * root manifest after everything below it; what a loss of power leaves is known by its digest.
 */
public final class Generations {

  private static final int KEPT = 3;

  private final Path folder;
  private final Path incoming;
  private final Objects objects;
  private final Map<Digest, Generation> known = new HashMap<>();
  private boolean swept;

  /** So many damages were known when a bundle was last got together. */
  private int mended;

  /** Those of a state folder. */
  public Generations(Path state) {
    this.folder = state.resolve("generations");
    this.incoming = state.resolve("incoming");
    this.objects = new Objects(state.resolve("objects"));
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
   * @throws UnfitDifferenceException if the pack says how the base differs, and that does not make
   *     the bundle
   * @throws IOException if it could not be read or written; the same may be tried again
   */
  public Generation receive(
      Digest digest, InputStream pack, @Nullable Generation base, Fetch missing)
      throws IOException, RefusedException {
    HostFiles.deleteTree(incoming);
    HostFiles.createFolder(incoming);
    HostFiles.createFolder(objects.folder());
    try {
      Arrival arrival = new Arrival(new Objects(incoming), objects, missing);
      Optional<Path> difference = Pack.unpack(pack, arrival.received());
      Tree tree =
          difference.isPresent()
              ? changed(base, difference.get(), digest)
              : Tree.read(digest, base == null ? Tree.EMPTY : base.tree(), arrival::manifest);
      int damages = objects.damages();
      boolean whole = base != null && isStored(base) && damages == mended;
      Generation before = whole ? base : null;
      SortedMap<String, Optional<Digest>> changes =
          tree.changesSince(before == null ? Tree.EMPTY : before.tree());
      for (Optional<Digest> file : changes.values()) {
        if (file.isPresent()) {
          arrival.demand(file.get());
        }
      }
      Generation received = assemble(tree, before, changes, arrival);
      mended = damages;
      return received;
    } finally {
      HostFiles.deleteTree(incoming);
    }
  }

  private static Tree changed(@Nullable Generation base, Path difference, Digest digest)
      throws IOException {
    if (base == null) {
      throw new UnfitDifferenceException("a difference was sent to a host without a bundle");
    }
    try {
      Tree tree = base.tree().with(Difference.read(difference));
      if (tree.digest().equals(digest)) {
        return tree;
      }
    } catch (RefusedException e) {
      throw new UnfitDifferenceException(e.reason());
    }
    throw new UnfitDifferenceException("the difference makes another bundle than " + digest);
  }

  /** What a generation needs is here: not together with what deletes what none needs. */
  private synchronized Generation assemble(
      Tree tree,
      @Nullable Generation base,
      SortedMap<String, Optional<Digest>> changes,
      Arrival arrival)
      throws IOException, RefusedException {
    // What a bundle brings that is never whole is known to nobody.
    boolean wereSwept = swept;
    swept = false;
    List<Path> unsynced = new ArrayList<>();
    long bytes = base == null ? 0 : base.bytes();
    for (Map.Entry<String, Optional<Digest>> change : changes.entrySet()) {
      Optional<Digest> before = base == null ? Optional.empty() : base.tree().file(change.getKey());
      if (before.isPresent()) {
        bytes -= objects.size(before.get());
      }
      if (change.getValue().isPresent()) {
        Digest file = change.getValue().get();
        arrival.keep(file);
        // Also what was here: a bundle that never came into force may have brought it.
        unsynced.add(objects.path(file));
        long size = objects.size(file);
        bytes += size;
        if (size > Limits.FILE_BYTES || bytes > Limits.BUNDLE_BYTES) {
          throw new RefusedException(
              change.getKey() + " makes the bundle larger than 256 MiB, or is larger than 4 MiB");
        }
      }
    }
    Tree like = base == null ? Tree.EMPTY : base.tree();
    for (Map.Entry<Digest, Folder> manifest : tree.foldersSince(like).entrySet()) {
      objects.write(manifest.getKey(), manifest.getValue().manifest());
      unsynced.add(objects.path(manifest.getKey()));
    }
    unsynced.add(objects.folder());
    unsynced.add(name(tree));
    unsynced.add(folder);
    Generation generation = new Generation(tree, this::read, bytes, unsynced);
    known.put(tree.digest(), generation);
    swept = wereSwept;
    return generation;
  }

  /** The root manifest comes last: what has one is whole. */
  private Path name(Tree tree) throws IOException {
    HostFiles.createFolder(folder);
    Path target = folder.resolve(tree.digest().hex());
    if (Files.isDirectory(target)) {
      // Of an agent that had a folder for each.
      HostFiles.deleteTree(target);
    }
    Path beside = folder.resolve(".new");
    Files.write(beside, tree.manifest());
    HostFiles.readableByGroup(beside);
    Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return target;
  }

  private byte[] read(String path, Digest digest) throws IOException {
    return objects.read(digest, Limits.FILE_BYTES);
  }

  /**
   * A generation from disk, if it is there and every byte of it is what its name says.
   *
   * @throws IOException if it can't be read
   */
  public Optional<Generation> open(Digest digest) throws IOException {
    return open(digest, false);
  }

  /**
   * The generation that is named as applied, as {@link #open}: it was made durable before it was
   * named so.
   */
  public Optional<Generation> openApplied(Digest digest) throws IOException {
    return open(digest, true);
  }

  private synchronized Optional<Generation> open(Digest digest, boolean durable)
      throws IOException {
    Generation opened = known.get(digest);
    if (opened != null) {
      return Optional.of(opened);
    }
    Path root = folder.resolve(digest.hex());
    if (Files.isDirectory(root)) {
      Optional<Generation> former = former(root, digest);
      former.ifPresent(generation -> known.put(digest, generation));
      return former;
    }
    try {
      Optional<Tree> tree = tree(digest);
      if (tree.isEmpty()) {
        return Optional.empty();
      }
      long bytes = 0;
      for (Digest file : tree.get().files().values()) {
        bytes += objects.read(file, Limits.FILE_BYTES).length;
      }
      List<Path> unsynced = durable ? List.of() : paths(tree.get());
      Generation generation = new Generation(tree.get(), this::read, bytes, unsynced);
      known.put(digest, generation);
      return Optional.of(generation);
    } catch (DamagedException | NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** One of an agent that had a folder for each, and made it durable. */
  private static Optional<Generation> former(Path root, Digest digest) throws IOException {
    try {
      return Optional.of(in(root)).filter(found -> found.digest().equals(digest));
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  /** Whether its contents are among the objects. */
  private boolean isStored(Generation generation) {
    return Files.isRegularFile(folder.resolve(generation.digest().hex()));
  }

  /** All that a generation is on disk. */
  private List<Path> paths(Tree tree) {
    Set<Digest> all = new HashSet<>();
    tree.addObjects(all);
    List<Path> paths = new ArrayList<>();
    all.forEach(object -> paths.add(objects.path(object)));
    paths.addAll(List.of(objects.folder(), folder.resolve(tree.digest().hex()), folder));
    return paths;
  }

  private Optional<Tree> tree(Digest digest) throws IOException {
    Generation opened = known.get(digest);
    if (opened != null) {
      return Optional.of(opened.tree());
    }
    if (!Files.isRegularFile(folder.resolve(digest.hex()))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Tree.read(digest, Tree.EMPTY, manifest -> objects.read(manifest, Limits.MANIFEST_BYTES)));
    } catch (RefusedException | DamagedException | NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** A folder with a bundle's files, whatever its digest. */
  public static Generation in(Path root) throws IOException, RefusedException {
    TreeMap<String, Digest> files = new TreeMap<>();
    long bytes = 0;
    try (var paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        byte[] content = bounded(path);
        bytes += content.length;
        files.put(root.relativize(path).toString(), Digest.of(content));
      }
    }
    return new Generation(
        Tree.of(files), (path, digest) -> verified(root.resolve(path), digest), bytes, List.of());
  }

  private static byte[] verified(Path file, Digest digest) throws IOException, RefusedException {
    byte[] content = bounded(file);
    if (!Digest.of(content).equals(digest)) {
      throw new DamagedException(file.toString());
    }
    return content;
  }

  private static byte[] bounded(Path file) throws IOException, RefusedException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(Limits.FILE_BYTES + 1);
      if (content.length > Limits.FILE_BYTES) {
        throw new RefusedException(file.getFileName() + " is larger than 4 MiB");
      }
      return content;
    }
  }

  /** Removes the oldest generations but a few, and what a crash left behind. */
  public synchronized void prune(Digest inForce) throws IOException {
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
    List<Path> old = all.subList(Math.min(KEPT - 1, all.size()), all.size());
    List<Tree> kept = new ArrayList<>();
    tree(inForce).ifPresent(kept::add);
    for (Path path : all.subList(0, all.size() - old.size())) {
      String name = String.valueOf(path.getFileName());
      if (Digest.isDigest(name)) {
        tree(new Digest(name)).ifPresent(kept::add);
      }
    }
    Set<Digest> unneeded = new HashSet<>();
    for (Path path : old) {
      String name = String.valueOf(path.getFileName());
      HostFiles.deleteTree(path);
      Generation dropped = Digest.isDigest(name) ? known.remove(new Digest(name)) : null;
      if (dropped == null) {
        swept = false;
      } else if (!kept.isEmpty()) {
        dropped.tree().addObjectsNotIn(kept.getFirst(), unneeded);
      }
    }
    sweep(kept, unneeded);
  }

  private void sweep(List<Tree> kept, Set<Digest> unneeded) throws IOException {
    Set<Digest> seen = new HashSet<>();
    if (swept) {
      kept.forEach(tree -> tree.retain(unneeded, seen));
      objects.delete(unneeded);
    } else if (Files.isDirectory(objects.folder())) {
      // What a crash has left is known to nobody.
      kept.forEach(tree -> tree.addObjects(seen));
      objects.deleteAllBut(seen);
      swept = true;
    }
  }

  /** The objects of a new bundle, wherever they are. */
  private record Arrival(Objects received, Objects here, Fetch missing) {

    byte[] manifest(Digest digest) throws IOException, RefusedException {
      demand(digest);
      Objects where = received.has(digest) ? received : here;
      return where.read(digest, Limits.MANIFEST_BYTES);
    }

    /** Fetches what neither came with the pack nor is here. */
    void demand(Digest digest) throws IOException, RefusedException {
      if (!received.has(digest) && !isHere(digest)) {
        try (InputStream content = missing.get(digest)) {
          received.put(digest, content, Limits.MANIFEST_BYTES);
        }
      }
    }

    private boolean isHere(Digest digest) throws IOException {
      return here.has(digest) && here.isWhole(digest);
    }

    /** Puts it here if it came with this bundle. */
    void keep(Digest digest) throws IOException {
      if (received.has(digest)) {
        here.take(digest, received);
      }
    }
  }
}
