package io.sluice.controlplane.changes;

import io.sluice.controlplane.postgres.DirectConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for what other replicas have committed. Deaf for a while, it costs a second's delay. */
final class Ear implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Ear.class);
  private static final Duration SILENCE = Duration.ofSeconds(15);
  private static final int LISTEN_MILLIS = 5000;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final DirectConnections connections;
  private final String self;
  private final Runnable heard;
  private volatile boolean stopped;

  Ear(DirectConnections connections, String self, Runnable heard) {
    this.connections = connections;
    this.self = self;
    this.heard = heard;
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    while (!stopped) {
      try (Connection connection = connections.open(SILENCE);
          Statement statement = connection.createStatement()) {
        statement.execute("listen " + ViewFollower.CHANNEL);
        heard.run();
        while (!stopped) {
          listen(connection);
          statement.execute("select 1"); // a connection that is lost in silence shows here
        }
      } catch (SQLException e) {
        log.debug("not listening: {}", e.getMessage());
        try {
          Thread.sleep(RETRY);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    for (PGNotification notification :
        connection.unwrap(PGConnection.class).getNotifications(LISTEN_MILLIS)) {
      if (!notification.getParameter().equals(self)) {
        heard.run();
      }
    }
  }
}
