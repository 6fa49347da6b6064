package io.sluice.controlplane.postgres;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Writes numbers into an embedded database and prints each once it is acknowledged. */
final class KilledProcess {

  private KilledProcess() {}

  public static void main(String[] arguments) throws SQLException {
    EmbeddedPostgres server = EmbeddedPostgres.start(Path.of(arguments[0]));
    TestServer.awaitAnswer(server);
    System.out.println(server.pid());
    try (Connection connection = EmbeddedPostgresTest.address(server).connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table written (n bigint)");
      for (long n = 1; ; n++) {
        statement.execute("insert into written values (" + n + ")");
        System.out.println(n);
      }
    }
  }
}
