package io.sluice.agent.envoy;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The folder that Envoy watches; a file is only ever replaced by rename. */
final class LiveFolder {

  private final Path live;

  /** What this process has written or compared, and need not read again. */
  private final Map<String, Digest> endpoints = new HashMap<>();

  private final Map<String, Written> lists = new HashMap<>();

  /** A list as it was written, and how to know the file again. */
  private record Written(String version, @Nullable Object file, FileTime time, long size) {
    static Written of(Path file, String version) throws IOException {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Written(version, now.fileKey(), now.lastModifiedTime(), now.size());
    }
  }

  LiveFolder(Path state) {
    this.live = state.resolve("live");
  }

  /** Resources by file name, each with the generation that has it; the last one added counts. */
  static final class Resources {
    private final TreeMap<String, Source> byName = new TreeMap<>();

    private record Source(Generation generation, String path) {
      Digest digest() {
        return generation.tree().file(path).orElseThrow();
      }
    }

    Resources add(Generation generation, ResourceKind kind) {
      kind.in(generation.tree())
          .forEach((name, path) -> byName.put(name, new Source(generation, path)));
      return this;
    }

    /** A name for exactly this content. */
    String version() {
      StringBuilder all = new StringBuilder();
      byName.forEach((name, source) -> all.append(source.digest()).append(name).append('\n'));
      return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8)).brief();
    }
  }

  /**
   * Writes {@code lds.json} or {@code cds.json}.
   *
   * @return whether that changed it
   */
  boolean write(String name, Resources resources) throws IOException, RefusedException {
    Path file = live.resolve(name);
    String version = resources.version();
    boolean known =
        lists.containsKey(name)
            && Files.exists(file)
            && Written.of(file, version).equals(lists.get(name));
    if (known || holds(file, resources)) {
      lists.put(name, Written.of(file, version));
      return false;
    }
    Path beside = live.resolve("." + name + ".new");
    HostFiles.createFolder(live);
    try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(beside))) {
      write(out, resources);
    }
    move(beside, file);
    lists.put(name, Written.of(file, version));
    return true;
  }

  /** Whether a file has this content already: then nothing is written, however full the disk is. */
  private static boolean holds(Path file, Resources resources)
      throws IOException, RefusedException {
    if (!Files.exists(file)) {
      return false;
    }
    try (var in = new java.io.BufferedInputStream(Files.newInputStream(file));
        Comparison comparison = new Comparison(in)) {
      write(comparison, resources);
      return comparison.isEqual();
    }
  }

  /** Takes what is written as what is expected next of a stream. */
  private static final class Comparison extends OutputStream {
    private final java.io.InputStream expected;
    private boolean equal = true;

    Comparison(java.io.InputStream expected) {
      this.expected = expected;
    }

    boolean isEqual() throws IOException {
      return equal && expected.read() < 0;
    }

    @Override
    public void write(int b) throws IOException {
      equal = equal && expected.read() == (b & 0xff);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      equal =
          equal
              && java.util.Arrays.equals(
                  expected.readNBytes(length),
                  java.util.Arrays.copyOfRange(bytes, from, from + length));
    }
  }

  private static void write(OutputStream out, Resources resources)
      throws IOException, RefusedException {
    out.write(text("{\"versionInfo\":\"" + resources.version() + "\",\"resources\":["));
    boolean first = true;
    for (Resources.Source resource : resources.byName.values()) {
      if (!first) {
        out.write(',');
      }
      first = false;
      out.write(resource.generation().read(resource.path()));
    }
    out.write(text("]}"));
  }

  /**
   * Writes the endpoints of a generation that differ from what is there.
   *
   * @param user who watches them
   * @return how many files of clusters that were there before have changed
   */
  int writeEndpoints(Generation generation, long user) throws IOException, RefusedException {
    Path folder = live.resolve("endpoints");
    HostFiles.createFolder(live);
    HostFiles.createFolder(folder);
    int changed = 0;
    SortedMap<String, String> files = ResourceKind.ENDPOINTS.in(generation.tree());
    int more = 0;
    for (String name : files.keySet()) {
      more += Files.exists(folder.resolve(name)) ? 0 : 1;
    }
    WatchLimit.demand(user, files.size(), more);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Digest digest = generation.tree().file(file.getValue()).orElseThrow();
      if (!digest.equals(endpoints.get(file.getKey()))) {
        Path target = folder.resolve(file.getKey());
        byte[] content = generation.read(file.getValue());
        boolean known = Files.exists(target);
        if (!known || !Arrays.equals(Files.readAllBytes(target), content)) {
          replace(target, content);
          changed += known ? 1 : 0;
        }
        endpoints.put(file.getKey(), digest);
      }
    }
    return changed;
  }

  /** Replaces some endpoints by those of a generation; the clusters are the same. */
  void replaceEndpoints(Generation generation, Collection<String> paths)
      throws IOException, RefusedException {
    Path staged = live.resolve(".endpoints.new");
    HostFiles.deleteTree(staged);
    HostFiles.createFolder(staged);
    try {
      // All are written before one is in place: the disk may be full.
      for (String path : paths) {
        Files.write(staged.resolve(name(path)), generation.read(path));
      }
      for (String path : paths) {
        move(staged.resolve(name(path)), live.resolve("endpoints").resolve(name(path)));
        endpoints.put(name(path), generation.tree().file(path).orElseThrow());
      }
    } finally {
      HostFiles.deleteTree(staged);
    }
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Looks at everything again, whatever this process has written. */
  void forget() {
    endpoints.clear();
    lists.clear();
  }

  private void replace(Path target, byte[] content) throws IOException {
    // Beside the folder: Envoy hears of everything that is written in it, once for each cluster.
    Path beside = live.resolve(".endpoint.new");
    Files.write(beside, content);
    move(beside, target);
  }

  /**
   * Keeps the files that a switch replaces or removes, as links that cost no space.
   *
   * @param into a new folder
   */
  void keep(Path into, Generation before, Generation target) throws IOException {
    Path endpoints = into.resolve("endpoints");
    HostFiles.createFolder(endpoints);
    for (String name : List.of("lds.json", "cds.json")) {
      link(live.resolve(name), into.resolve(name));
    }
    SortedMap<String, String> coming = ResourceKind.ENDPOINTS.in(target.tree());
    for (Map.Entry<String, String> file : ResourceKind.ENDPOINTS.in(before.tree()).entrySet()) {
      String name = file.getKey();
      String next = coming.get(name);
      if (next == null || !before.tree().file(file.getValue()).equals(target.tree().file(next))) {
        link(live.resolve("endpoints").resolve(name), endpoints.resolve(name));
      }
    }
  }

  private static void link(Path file, Path as) throws IOException {
    if (Files.exists(file)) {
      Files.createLink(as, file);
    }
  }

  /** Removes endpoints that a generation does not have. */
  void pruneEndpoints(Generation generation) throws IOException {
    Set<String> names = ResourceKind.ENDPOINTS.in(generation.tree()).keySet();
    try (var files = Files.list(live.resolve("endpoints"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = String.valueOf(file.getFileName());
        if (!names.contains(name)) {
          Files.delete(file);
          endpoints.remove(name);
        }
      }
    } catch (NoSuchFileException e) {
      // There were never any.
    }
  }

  private static void move(Path beside, Path target) throws IOException {
    HostFiles.readableByGroup(beside);
    Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
