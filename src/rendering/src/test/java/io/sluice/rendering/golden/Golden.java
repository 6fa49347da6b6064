package io.sluice.rendering.golden;

import io.sluice.rendering.BundleRenderer;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Sight;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One case: a folder with {@code dataplane.yaml}, {@code mesh.yaml} unless the mesh says nothing,
 * {@code facts.properties} if the host is known, the mesh's other dataplanes in {@code others.yaml}
 * and the virtual addresses of names in {@code addresses} if there are any, and the files of the
 * bundle under {@code bundle/}.
 */
public record Golden(Path folder) {

  private static final Path ALL = Path.of("src/test/resources/golden");

  /** Every case, by name. */
  public static List<Golden> all() {
    try (Stream<Path> folders = Files.list(ALL)) {
      return folders.sorted().map(Golden::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The case of this name. */
  public static Golden named(String name) {
    return new Golden(ALL.resolve(name));
  }

  /** The dataplane of the case. */
  public Dataplane dataplane() {
    return (Dataplane) resource(read(folder.resolve("dataplane.yaml")));
  }

  /** The mesh of the case. */
  public Mesh mesh() {
    Path own = folder.resolve("mesh.yaml");
    return (Mesh)
        resource(Files.exists(own) ? read(own) : "type: Mesh\nname: " + dataplane().mesh() + "\n");
  }

  /** The bundle as it is rendered now. */
  public Bundle rendered() {
    return new BundleRenderer()
        .render(mesh(), dataplane(), List.of(), facts(), Sight.of(catalogue(), dataplane()));
  }

  private Optional<HostFacts> facts() {
    Path facts = folder.resolve("facts.properties");
    return Files.exists(facts) ? Optional.of(Facts.parse(read(facts))) : Optional.empty();
  }

  private Catalogue catalogue() {
    Catalogue catalogue = Catalogue.empty().with(dataplane());
    for (String other : parts("others.yaml", "\n---\n")) {
      catalogue = catalogue.with((Dataplane) resource(other));
    }
    for (String line : parts("addresses", "\n")) {
      String[] words = line.split(" ", -1);
      catalogue =
          catalogue.with(
              new VirtualAddress(
                  dataplane().mesh(),
                  words[0],
                  IpAddress.parse(words[1]).orElseThrow(),
                  IpAddress.parse(words[2]).orElseThrow(),
                  null));
    }
    return catalogue;
  }

  private List<String> parts(String file, String separator) {
    Path path = folder.resolve(file);
    return Files.exists(path) ? List.of(read(path).strip().split(separator, -1)) : List.of();
  }

  /** Path and text of each file that the bundle is to have. */
  public SortedMap<String, String> recorded() {
    Path bundle = folder.resolve("bundle");
    SortedMap<String, String> files = new TreeMap<>();
    if (Files.exists(bundle)) {
      try (Stream<Path> paths = Files.walk(bundle)) {
        paths
            .filter(Files::isRegularFile)
            .forEach(path -> files.put(bundle.relativize(path).toString(), read(path)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  /** Makes a bundle the one that the case is to have. */
  void record(Bundle bundle) {
    try {
      for (String gone : recorded().keySet()) {
        Files.delete(folder.resolve("bundle").resolve(gone));
      }
      for (String path : bundle.files().keySet()) {
        Path file = folder.resolve("bundle").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, bundle.text(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }

  private static Object resource(String yaml) {
    return ResourceReader.read(
            DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML))
        .resource();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
