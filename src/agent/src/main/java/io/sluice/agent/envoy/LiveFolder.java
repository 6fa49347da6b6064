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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The folder that Envoy watches; a file is only ever replaced by rename. */
final class LiveFolder {

  static final String LISTENERS = "envoy/listeners/";
  static final String CLUSTERS = "envoy/clusters/";
  static final String ENDPOINTS = "envoy/endpoints/";

  private final Path live;

  LiveFolder(Path state) {
    this.live = state.resolve("live");
  }

  /** Resources by path, each with the generation that has it. */
  static final class Resources {
    private final TreeMap<String, Generation> byPath = new TreeMap<>();
    private final TreeMap<String, Digest> digests = new TreeMap<>();

    Resources add(Generation generation, String folder) {
      generation
          .tree()
          .filesIn(folder)
          .forEach(
              (path, digest) -> {
                byPath.put(path, generation);
                digests.put(path, digest);
              });
      return this;
    }

    /** A name for exactly this content. */
    String version() {
      StringBuilder all = new StringBuilder();
      digests.forEach((path, digest) -> all.append(digest).append(path).append('\n'));
      return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8)).brief();
    }
  }

  /**
   * Writes {@code lds.json} or {@code cds.json}.
   *
   * @return whether that changed it
   */
  boolean write(String name, Resources resources) throws IOException, RefusedException {
    if (holds(live.resolve(name), resources)) {
      return false;
    }
    Path beside = live.resolve("." + name + ".new");
    HostFiles.createFolder(live);
    try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(beside))) {
      write(out, resources);
    }
    move(beside, live.resolve(name));
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
    for (Map.Entry<String, Generation> resource : resources.byPath.entrySet()) {
      if (!first) {
        out.write(',');
      }
      first = false;
      out.write(resource.getValue().read(resource.getKey()));
    }
    out.write(text("]}"));
  }

  /**
   * Writes the endpoints of a generation that differ from what is there.
   *
   * @return how many files of clusters that were there before have changed
   */
  int writeEndpoints(Generation generation) throws IOException, RefusedException {
    Path folder = live.resolve("endpoints");
    HostFiles.createFolder(live);
    HostFiles.createFolder(folder);
    int changed = 0;
    for (String path : generation.tree().filesIn(ENDPOINTS).keySet()) {
      Path target = folder.resolve(path.substring(ENDPOINTS.length()));
      byte[] content = generation.read(path);
      boolean known = Files.exists(target);
      if (known && java.util.Arrays.equals(Files.readAllBytes(target), content)) {
        continue;
      }
      Path beside = folder.resolve("." + target.getFileName() + ".new");
      Files.write(beside, content);
      move(beside, target);
      if (known) {
        changed++;
      }
    }
    return changed;
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
    for (Map.Entry<String, Digest> file : before.tree().filesIn(ENDPOINTS).entrySet()) {
      if (!file.getValue().equals(target.tree().files().get(file.getKey()))) {
        String name = file.getKey().substring(ENDPOINTS.length());
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
    TreeSet<String> names = new TreeSet<>();
    generation
        .tree()
        .filesIn(ENDPOINTS)
        .keySet()
        .forEach(path -> names.add(path.substring(ENDPOINTS.length())));
    try (var files = Files.list(live.resolve("endpoints"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!names.contains(String.valueOf(file.getFileName()))) {
          Files.delete(file);
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
