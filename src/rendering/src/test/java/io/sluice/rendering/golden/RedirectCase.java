package io.sluice.rendering.golden;

import io.sluice.rendering.BundleRenderer;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Sight;
import io.sluice.rendering.settings.SettingsOnHost;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
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
 * What one policy captures on one host: a folder with {@code conf.yaml}, which is the policy's
 * {@code default}, {@code facts.properties} unless nothing is known about the host, and the agent's
 * settings and the rules that become of them.
 */
public record RedirectCase(Path folder) {

  private static final Path ALL = Path.of("src/test/resources/redirect");
  private static final List<String> FILES = List.of("agent.properties", "v4.rules", "v6.rules");

  /** Every case, by name. */
  public static List<RedirectCase> all() {
    try (Stream<Path> folders = Files.list(ALL)) {
      return folders.filter(Files::isDirectory).sorted().map(RedirectCase::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The case of this name. */
  public static RedirectCase named(String name) {
    return new RedirectCase(ALL.resolve(name));
  }

  /** The agent's settings and the rules as they are rendered now. */
  public SortedMap<String, String> rendered() {
    Bundle bundle =
        new BundleRenderer()
            .render(
                (Mesh) resource("type: Mesh\nname: default\n"),
                dataplane(),
                List.of(policy()),
                facts(),
                Sight.of(Catalogue.empty(), dataplane()));
    SortedMap<String, String> files = new TreeMap<>();
    bundle.files().keySet().stream()
        .filter(path -> !path.startsWith("envoy/"))
        .forEach(path -> files.put(path.replace("iptables/", ""), bundle.text(path)));
    return files;
  }

  /** The same as they are to be. */
  public SortedMap<String, String> recorded() {
    SortedMap<String, String> files = new TreeMap<>();
    for (String name : FILES) {
      if (Files.exists(folder.resolve(name))) {
        files.put(name, read(folder.resolve(name)));
      }
    }
    return files;
  }

  /** What is taken for granted about the host. */
  public List<String> assumptions() {
    return SettingsOnHost.of(EffectiveTransparentProxy.of(List.of(policy()), dataplane()), facts())
        .assumptions();
  }

  void record(SortedMap<String, String> files) {
    try {
      for (String name : FILES) {
        Files.deleteIfExists(folder.resolve(name));
      }
      for (String name : files.keySet()) {
        Files.writeString(folder.resolve(name), files.get(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }

  private MeshTransparentProxy policy() {
    return (MeshTransparentProxy)
        resource(
            "type: MeshTransparentProxy\nmesh: default\nname: hosts\nspec:\n  default:\n"
                + read(folder.resolve("conf.yaml")).indent(4));
  }

  private static Dataplane dataplane() {
    return (Dataplane) resource(read(ALL.resolve("dataplane.yaml")));
  }

  private Optional<HostFacts> facts() {
    Path file = folder.resolve("facts.properties");
    return Files.exists(file) ? Optional.of(Facts.parse(read(file))) : Optional.empty();
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
