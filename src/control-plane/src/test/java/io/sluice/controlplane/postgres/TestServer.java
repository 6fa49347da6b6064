package io.sluice.controlplane.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;

/** One embedded PostgreSQL for all tests of this JVM; each asks for a database of its own. */
public final class TestServer {

  private final EmbeddedPostgres server;

  private TestServer() {
    Path folder = temporaryFolder();
    server = EmbeddedPostgres.start(folder);
    awaitAnswer(server);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(folder)));
  }

  /** An empty database. */
  public static Address freshDatabase() {
    String name = "t" + UUID.randomUUID().toString().replace("-", "");
    Address administration = Shared.SERVER.address("postgres");
    try (Connection connection = administration.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return Shared.SERVER.address(name);
  }

  /** A folder that the embedded server's user can enter, unlike JUnit's. */
  public static Path temporaryFolder() {
    try {
      return Files.createTempDirectory(
          "sluice-store-test",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Spares a server in another folder the unpacking of its programs. */
  static void linkPrograms(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(Shared.SERVER.server.data())) {
      for (Path file : files.toList()) {
        if (String.valueOf(file.getFileName()).startsWith("postgresql-programs")) {
          Files.createSymbolicLink(folder.resolve(file.getFileName()), file);
        }
      }
    }
  }

  /** Waits until a server has answered. */
  static void awaitAnswer(EmbeddedPostgres server) {
    Address address = new Address(server.jdbcUrl(), server.username(), server.password());
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (true) {
      server.checkStart();
      try (Connection _ = address.connect()) {
        server.markProven();
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(e);
        }
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Address address(String database) {
    return new Address(
        server.jdbcUrl().replaceAll("/[^/]*$", "/" + database),
        server.username(),
        server.password());
  }

  private void end(Path folder) {
    try {
      server.close();
      deleteTree(folder);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void deleteTree(Path folder) throws IOException, InterruptedException {
    new ProcessBuilder("rm", "-rf", folder.toString()).inheritIO().start().waitFor();
  }

  /** Started by the first test that asks, not by a process that only waits for its own server. */
  private static final class Shared {
    static final TestServer SERVER = new TestServer();
  }

  /** Where a database is, and as whom to use it. */
  public record Address(String url, String username, String password) {

    /** A connection of the test's own. */
    public Connection connect() throws SQLException {
      return connections().open(Duration.ofSeconds(60));
    }

    /** The same for parts of the product. */
    public DirectConnections connections() {
      return new DirectConnections(url, username, password);
    }
  }
}
