package io.sluice.acceptance.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkout that we run from, with what was built in it.
 *
 * @param root its first folder
 */
public record Checkout(Path root) {

  private static final PathMatcher AGENT_JAR =
      FileSystems.getDefault().getPathMatcher("glob:sluice-agent{,-[0-9]*}.jar");

  /**
   * The one of the property {@code sluice.checkout}, else the one around the working directory.
   *
   * @throws IllegalStateException when there is none
   */
  public static Checkout find() {
    String named = System.getProperty("sluice.checkout");
    Path folder = Path.of(named == null ? "" : named).toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve("sluice"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("not inside a checkout of Sluice: set -Dsluice.checkout");
      }
    }
    return new Checkout(folder);
  }

  /** The script that starts the control plane. */
  public Path controlPlane() {
    return built("src/control-plane/target/dist/bin/sluice-control-plane");
  }

  /** The agent's jar. */
  public Path agentJar() {
    Path target = root.resolve("src/agent/target");
    try (Stream<Path> jars = Files.list(target)) {
      return jars.filter(jar -> AGENT_JAR.matches(jar.getFileName()))
          .findFirst()
          .orElseThrow(() -> notBuilt(target.resolve("sluice-agent.jar")));
    } catch (IOException e) {
      throw notBuilt(target);
    }
  }

  /** The launcher of an agent's image, when the property {@code sluice.agent} names one. */
  public Optional<Path> agentLauncher() {
    return Optional.ofNullable(System.getProperty("sluice.agent")).map(Path::of);
  }

  /** One of the published examples. */
  public Path example(String name) {
    return root.resolve("examples").resolve(name);
  }

  /** The JDK's {@code java} that runs us. */
  public static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /**
   * Envoy: {@code SLUICE_ENVOY}, else on the PATH, else where {@code ./sluice} puts it.
   *
   * @throws IllegalStateException when there is none, with what to do
   */
  public Path envoy() {
    Stream<Path> named = Optional.ofNullable(System.getenv("SLUICE_ENVOY")).map(Path::of).stream();
    Stream<Path> onPath =
        Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "envoy"));
    return Stream.of(named, onPath, Stream.of(root.resolve(".tools/envoy/envoy")))
        .flatMap(paths -> paths)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("no Envoy: run ./sluice test, or set SLUICE_ENVOY"));
  }

  /**
   * Puts a program where every user can run it: the checkout may be in a folder of root's own.
   *
   * @return the program in the folder: the same file where the file system allows, else a copy
   */
  public static Path share(Path program, Path folder) {
    Path shared = folder.resolve(Objects.requireNonNull(program.getFileName()));
    if (Files.exists(shared)) {
      return shared;
    }
    try {
      Path real = program.toRealPath();
      try {
        Files.createLink(shared, real);
      } catch (IOException | UnsupportedOperationException e) { // another file system
        Files.copy(real, shared, StandardCopyOption.COPY_ATTRIBUTES);
      }
      return shared;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path built(String path) {
    Path file = root.resolve(path);
    if (!Files.exists(file)) {
      throw notBuilt(file);
    }
    return file;
  }

  private static IllegalStateException notBuilt(Path file) {
    return new IllegalStateException(file + " is not built: run ./sluice build");
  }

  /** Lines that tell what is missing on this machine for network namespaces; empty when nothing. */
  public static List<String> missing() {
    return Stream.of("ip", "nsenter", "iptables-save", "ip6tables-save", "ss")
        .filter(
            program ->
                Stream.of(System.getenv("PATH").split(":"))
                    .noneMatch(folder -> Files.isExecutable(Path.of(folder, program))))
        .map(program -> program + " is not on the PATH: run ./sluice test as root")
        .toList();
  }
}
