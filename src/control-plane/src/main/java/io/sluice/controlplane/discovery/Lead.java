package io.sluice.controlplane.discovery;

import io.sluice.controlplane.postgres.DirectConnections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Which of the replicas decides what only one may decide: that which holds a lock of the database.
 * The lock ends with its connection, and so with the process.
 */
@Component
class Lead implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(Lead.class);
  private static final Duration SILENCE = Duration.ofSeconds(5);
  private static final String TAKE =
      "select pg_try_advisory_lock(hashtextextended('sluice/discovery', 0))";
  private static final String CHECK = "select 1";

  private final DirectConnections connections;
  private @Nullable Connection connection;
  private boolean held;

  Lead(DirectConnections connections) {
    this.connections = connections;
  }

  /** Whether this replica decides now; asks the database. */
  synchronized boolean isOurs() {
    try {
      Connection open = connection;
      if (open == null) {
        open = connections.open(SILENCE);
        connection = open;
      }
      boolean answer = ask(open, held ? CHECK : TAKE);
      if (answer && !held) {
        log.info("event=discovery-lead-taken");
      }
      held = answer;
    } catch (SQLException e) {
      log.debug("event=discovery-lead-unknown error=\"{}\"", e.getMessage());
      letGo();
    }
    return held;
  }

  private static boolean ask(Connection connection, String question) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(question);
        ResultSet row = statement.executeQuery()) {
      return row.next() && (question.equals(CHECK) || row.getBoolean(1));
    }
  }

  private void letGo() {
    held = false;
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        log.debug("event=connection-not-closed error=\"{}\"", e.getMessage());
      }
    }
  }

  @Override
  public synchronized void destroy() {
    letGo();
  }
}
