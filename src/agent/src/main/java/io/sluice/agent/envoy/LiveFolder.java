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
    Path beside = live.resolve("." + name + ".new");
    HostFiles.createFolder(live);
    try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(beside))) {
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
    return replace(beside, live.resolve(name));
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
      boolean known = Files.exists(target);
      Path beside = folder.resolve("." + target.getFileName() + ".new");
      Files.write(beside, generation.read(path));
      if (replace(beside, target) && known) {
        changed++;
      }
    }
    return changed;
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

  private static boolean replace(Path beside, Path target) throws IOException {
    HostFiles.readableByGroup(beside);
    if (Files.exists(target) && Files.mismatch(beside, target) < 0) {
      Files.delete(beside);
      return false;
    }
    Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
