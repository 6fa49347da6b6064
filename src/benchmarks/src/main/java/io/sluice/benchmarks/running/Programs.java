package io.sluice.benchmarks.running;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Programs of the distribution. */
final class Programs {

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private Programs() {}

  /**
   * Where a program of PostgreSQL is: on the PATH, or where Debian keeps it, the newest first.
   *
   * @throws IllegalStateException with how to install it
   */
  static Path postgres(String name) {
    try (Stream<Path> versions = Files.exists(DEBIAN) ? Files.list(DEBIAN) : Stream.empty()) {
      Stream<Path> debian =
          versions
              .sorted((a, b) -> Integer.compare(major(b), major(a)))
              .map(version -> version.resolve("bin"));
      Stream<Path> onPath =
          Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of);
      return Stream.concat(debian, onPath)
          .map(folder -> folder.resolve(name))
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      name
                          + " is missing: it comes with PostgreSQL's server. Debian and Ubuntu:"
                          + " apt-get install postgresql; Fedora: dnf install postgresql-server"
                          + " postgresql-contrib"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a program to its end and returns what it printed. */
  static String run(Map<String, String> environment, List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + ": exit status " + status + "\n" + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: " + command, e);
    }
  }

  /** A port of the loopback interface that is free now. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int major(Path version) {
    String name = version.getFileName().toString();
    return name.chars().allMatch(Character::isDigit) ? Integer.parseInt(name) : 0;
  }
}
