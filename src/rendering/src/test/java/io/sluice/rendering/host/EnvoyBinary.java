package io.sluice.rendering.host;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The Envoy that tests run. */
public final class EnvoyBinary {

  private EnvoyBinary() {}

  /** The one that SLUICE_ENVOY names, else on PATH, else where {@code ./sluice} puts it. */
  public static Path find() {
    String named = System.getenv("SLUICE_ENVOY");
    if (named != null) {
      return Path.of(named);
    }
    Stream<Path> onPath =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .map(folder -> Path.of(folder, "envoy"));
    Stream<Path> inCheckout =
        Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
            .map(folder -> folder.resolve(".tools/envoy/envoy"));
    return Stream.concat(onPath, inCheckout)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("no Envoy here: run ./sluice test, or set SLUICE_ENVOY"));
  }
}
