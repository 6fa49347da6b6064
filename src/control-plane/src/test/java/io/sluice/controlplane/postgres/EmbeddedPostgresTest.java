package io.sluice.controlplane.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.controlplane.start.StartFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private final Path folder = TestServer.temporaryFolder();

  @BeforeEach
  void linkPrograms() throws IOException {
    TestServer.linkPrograms(folder);
  }

  @AfterEach
  void removeFolder() throws IOException, InterruptedException {
    TestServer.deleteTree(folder);
  }

  @Test
  void keepsItsDataOverAStopAndStart() throws Exception {
    try (EmbeddedPostgres server = started()) {
      execute(server, "create table kept (n int)");
      execute(server, "insert into kept values (7)");
    }
    try (EmbeddedPostgres server = started()) {
      assertThat(query(server, "select n from kept")).isEqualTo("7");
    }
  }

  @Test
  void isDurableAndNotRunByRoot() throws Exception {
    try (EmbeddedPostgres server = started()) {
      assertThat(query(server, "show fsync")).isEqualTo("on");
      assertThat(query(server, "show synchronous_commit")).isEqualTo("on");
      assertThat(owner(server.pid())).isNotEqualTo("root");
    }
  }

  @Test
  void endsWithItsStop() throws Exception {
    long pid;
    try (EmbeddedPostgres server = started()) {
      pid = server.pid();
      assertThat(ProcessHandle.of(pid)).isPresent();
    }
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void secondStartOnTheFolderSaysWhoHoldsIt() throws Exception {
    try (EmbeddedPostgres _ = started()) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(folder))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("java");
    }
  }

  @Test
  void killedServerIsStartedAgain() throws Exception {
    try (EmbeddedPostgres server = started()) {
      execute(server, "create table kept as select 7 as n");
      long pid = server.pid();

      assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).contains(true);

      await().atMost(SOON).until(() -> server.pid() != pid);
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(query(server, "select n from kept")).isEqualTo("7"));
    }
  }

  @Test
  void numberOfAStrangerInPostmasterPidDoesNotStopTheStart() throws Exception {
    try (EmbeddedPostgres server = started()) {
      execute(server, "create table kept as select 7 as n");
    }
    Files.writeString(
        folder.resolve("postgresql/postmaster.pid"),
        ProcessHandle.current().pid() + "\n" + folder.resolve("postgresql") + "\n");

    try (EmbeddedPostgres server = started()) {
      assertThat(query(server, "select n from kept")).isEqualTo("7");
    }
  }

  @Test
  void databaseOfAnotherVersionIsLeftAloneAndNamed() throws Exception {
    Files.createDirectory(folder.resolve("postgresql"));
    Files.writeString(folder.resolve("postgresql/PG_VERSION"), "14\n");

    try (EmbeddedPostgres server = EmbeddedPostgres.start(folder)) {
      assertThatThrownBy(() -> TestServer.awaitAnswer(server))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("PostgreSQL 14")
          .hasMessageContaining("PostgreSQL 18");
    }
  }

  @Test
  void folderThatIsAFileIsRefused() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> EmbeddedPostgres.start(file))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void brokenServerShowsTheEndOfItsLog() throws Exception {
    try (EmbeddedPostgres _ = started()) {
      assertThat(folder.resolve("postgresql.log")).exists();
    }
    Files.writeString(folder.resolve("postgresql/postgresql.conf"), "no_such_setting = 1\n");

    try (EmbeddedPostgres server = EmbeddedPostgres.start(folder)) {
      assertThatThrownBy(() -> TestServer.awaitAnswer(server))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("no_such_setting");
    }
  }

  @Test
  void sigkillOfTheControlPlaneStopsTheServerAndLosesNothingAcknowledged() throws Exception {
    Process controlPlane =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                KilledProcess.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long server;
    String acknowledged = "0";
    try (BufferedReader output = controlPlane.inputReader(StandardCharsets.UTF_8)) {
      server = Long.parseLong(output.readLine());
      for (int i = 0; i < 200; i++) {
        acknowledged = output.readLine();
      }
      // Process.destroyForcibly would close the output, of which the rest is wanted.
      assertThat(controlPlane.toHandle().destroyForcibly()).isTrue();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        acknowledged = line;
      }
    }
    await().atMost(SOON).until(() -> ProcessHandle.of(server).isEmpty());
    try (EmbeddedPostgres again = started()) {
      assertThat(Long.parseLong(query(again, "select max(n) from written")))
          .isGreaterThanOrEqualTo(Long.parseLong(acknowledged));
    }
  }

  private EmbeddedPostgres started() {
    EmbeddedPostgres server = EmbeddedPostgres.start(folder);
    TestServer.awaitAnswer(server);
    return server;
  }

  static TestServer.Address address(EmbeddedPostgres server) {
    return new TestServer.Address(server.jdbcUrl(), server.username(), server.password());
  }

  private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = address(server).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = address(server).connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static String owner(long pid) throws IOException {
    List<Path> process = List.of(Path.of("/proc/" + pid));
    return Files.getOwner(process.getFirst()).getName();
  }
}
