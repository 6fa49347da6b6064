package io.sluice.benchmarks.running;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL of the distribution with its data in a folder of its own, configured as it comes
 * (fsync and synchronous_commit on), listening on the loopback interface. The control plane and
 * pgbench use the same one.
 */
public final class PostgresCluster implements AutoCloseable {

  private static final String USER = "sluice";
  private static final String ACCOUNT = "postgres";

  private final Process server;
  private final int port;
  private final String password;

  private PostgresCluster(Process server, int port, String password) {
    this.server = server;
    this.port = port;
    this.password = password;
  }

  /** Makes a cluster in a new folder and starts it. */
  public static PostgresCluster start(Path folder) {
    try {
      Files.createDirectories(folder);
      Path data = folder.resolve("data");
      Path passwords = Files.writeString(folder.resolve("password"), Secrets.random());
      String password = Files.readString(passwords);
      if (root()) {
        Programs.run(Map.of(), List.of("chown", "-R", ACCOUNT, folder.toString()));
      }
      Programs.run(
          Map.of(),
          unprivileged(
              Programs.postgres("initdb").toString(),
              "--pgdata=" + data,
              "--username=" + USER,
              "--auth=scram-sha-256",
              "--pwfile=" + passwords,
              "--encoding=UTF8",
              "--locale=C"));
      int port = Programs.freePort();
      Process server =
          new ProcessBuilder(
                  unprivileged(
                      Programs.postgres("postgres").toString(),
                      "-D",
                      data.toString(),
                      "-p",
                      Integer.toString(port),
                      "-k",
                      folder.toString(),
                      "-c",
                      "listen_addresses=127.0.0.1",
                      "-c",
                      "shared_preload_libraries=pg_stat_statements"))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("server.log").toFile())
              .start();
      PostgresCluster cluster = new PostgresCluster(server, port, password);
      cluster.awaitReady();
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The JDBC URL of one of its databases. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s"
        .formatted(port, database, USER, password);
  }

  /** Makes an empty database. */
  public void create(String database) {
    query("postgres", "CREATE DATABASE " + database);
  }

  /** Makes a database anew as a copy of another that may be in use, with fresh statistics. */
  public void copy(String from, String to) {
    query("postgres", "DROP DATABASE IF EXISTS " + to);
    create(to);
    String dump = Programs.run(environment(), client("pg_dump", "--no-owner", from));
    try {
      Path file = Files.createTempFile("sluice-benchmarks", ".sql");
      try {
        Files.writeString(file, dump);
        Programs.run(
            environment(),
            client("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", file.toString(), to));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    query(from, "VACUUM ANALYZE");
    query(to, "VACUUM ANALYZE");
  }

  /** What psql prints for a query: rows of values that are separated by {@code |}. */
  public String query(String database, String sql) {
    return Programs.run(
        environment(),
        client("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, database));
  }

  /** The command line of a client program that is to connect to this cluster. */
  List<String> client(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Programs.postgres(program).toString());
    command.addAll(List.of("-h", "127.0.0.1", "-p", Integer.toString(port), "-U", USER));
    command.addAll(List.of(arguments));
    return command;
  }

  Map<String, String> environment() {
    return Map.of("PGPASSWORD", password);
  }

  private void awaitReady() {
    List<String> probe = client("pg_isready", "-q", "-t", "30");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < deadline) {
      try {
        Programs.run(environment(), probe);
        return;
      } catch (IllegalStateException notYet) {
        if (!server.isAlive()) {
          throw new IllegalStateException("PostgreSQL ended while it started", notYet);
        }
        pause();
      }
    }
    throw new IllegalStateException("PostgreSQL was not ready within 30 s");
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** PostgreSQL refuses to run as root; it also must not outlive us. */
  private static List<String> unprivileged(String... command) {
    List<String> line = new ArrayList<>(List.of("setpriv", "--pdeathsig", "INT"));
    if (root()) {
      line.addAll(List.of("--reuid", ACCOUNT, "--regid", ACCOUNT, "--init-groups"));
    }
    line.add("--");
    line.addAll(List.of(command));
    return line;
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  @Override
  public void close() {
    server.destroy();
    try {
      if (!server.waitFor(20, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
