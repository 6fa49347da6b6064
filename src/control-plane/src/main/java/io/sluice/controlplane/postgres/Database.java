package io.sluice.controlplane.postgres;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.controlplane.start.StartFailure;
import io.sluice.controlplane.store.SchemaGate;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * The way from a database to a usable store: it is reached, its version is checked, its tables are
 * brought up to date. The application waits for its own server; for a given one it does not, and
 * goes on trying.
 */
final class Database implements SmartLifecycle, SchemaGate {

  private static final int OLDEST_SUPPORTED = 15;

  private static final Logger log = LoggerFactory.getLogger(Database.class);
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final Duration EMBEDDED_START = Duration.ofMinutes(2);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration REMINDER = Duration.ofMinutes(1);

  private final DirectConnections connections;
  private final Flyway flyway;
  private final HikariDataSource pool;
  private final @Nullable EmbeddedPostgres embedded;
  private final List<Runnable> waiting = new ArrayList<>();
  private volatile boolean running;
  private volatile boolean open;
  private volatile String state = "the database has not been reached yet";

  Database(
      DirectConnections connections,
      Flyway flyway,
      HikariDataSource pool,
      @Nullable EmbeddedPostgres embedded) {
    this.connections = connections;
    this.flyway = flyway;
    this.pool = pool;
    this.embedded = embedded;
  }

  /** What keeps the store closed, for people. */
  String state() {
    return state;
  }

  @Override
  public void requireOpen() {
    if (!open) {
      throw new DataAccessResourceFailureException(state);
    }
  }

  @Override
  public void whenOpen(Runnable action) {
    synchronized (waiting) {
      if (!open) {
        waiting.add(action);
        return;
      }
    }
    action.run();
  }

  @Override
  public void start() {
    running = true;
    if (embedded != null) {
      awaitOwnServer(embedded);
    }
    try {
      bringUp();
    } catch (Unreachable e) {
      log.warn("{}; trying again each second", e.getMessage());
      Thread.ofVirtual().name("database-bring-up").start(this::keepTrying);
    }
  }

  private void awaitOwnServer(EmbeddedPostgres server) {
    long deadline = System.nanoTime() + EMBEDDED_START.toNanos();
    while (true) {
      server.checkStart();
      try (Connection _ = connections.open(SILENCE)) {
        server.markProven();
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          throw new StartFailure(
              "The embedded PostgreSQL does not answer: " + e.getMessage(),
              "Look into postgresql.log in " + server.data() + ".",
              e);
        }
        pause(Duration.ofMillis(20));
      }
    }
  }

  private void keepTrying() {
    String told = state;
    long toldAt = System.nanoTime();
    while (running && !open) {
      pause(RETRY);
      try {
        bringUp();
        log.info("The database {} is reached", connections.shownUrl());
      } catch (Unreachable | StartFailure e) {
        state = String.valueOf(e.getMessage());
        if (!state.equals(told) || System.nanoTime() - toldAt > REMINDER.toNanos()) {
          log.warn("{}; trying again each second", state);
          told = state;
          toldAt = System.nanoTime();
        }
      }
    }
  }

  private void bringUp() throws Unreachable {
    try (Connection connection = connections.open(SILENCE)) {
      requireSupported(connection.getMetaData().getDatabaseMajorVersion(), connections.shownUrl());
    } catch (SQLException e) {
      state = "The database %s can't be used: %s".formatted(connections.shownUrl(), reason(e));
      throw new Unreachable(state);
    }
    try {
      requireKnownTables(flyway.info());
      flyway.migrate();
    } catch (FlywayException e) {
      if (e.getCause() instanceof SQLException lost && isConnectionProblem(lost)) {
        throw new Unreachable("The database was lost while its tables were made: " + reason(lost));
      }
      throw new StartFailure(
          "The tables in "
              + connections.shownUrl()
              + " can't be brought up to date: "
              + e.getMessage(),
          "Check that this release of Sluice is not older than the one that made them, that the"
              + " database's user may create tables, and that the schema holds nothing else.",
          e);
    }
    List<Runnable> actions;
    synchronized (waiting) {
      open = true;
      state = "open";
      actions = List.copyOf(waiting);
      waiting.clear();
    }
    actions.forEach(Runnable::run);
  }

  static void requireSupported(int version, String url) {
    if (version < OLDEST_SUPPORTED) {
      throw new StartFailure(
          "The database %s is PostgreSQL %d.".formatted(url, version),
          "Use PostgreSQL " + OLDEST_SUPPORTED + " or newer.");
    }
  }

  /** Flyway itself goes on with tables that a newer release has made. */
  private void requireKnownTables(MigrationInfoService tables) {
    MigrationInfo current = tables.current();
    if (current == null || current.getState() != MigrationState.FUTURE_SUCCESS) {
      return;
    }
    String known =
        Arrays.stream(tables.all())
            .filter(migration -> migration.getState().isResolved())
            .map(MigrationInfo::getVersion)
            .max(Comparator.naturalOrder())
            .map(MigrationVersion::getVersion)
            .orElse("none");
    throw new StartFailure(
        "The tables in %s are at version %s, and this release of Sluice knows them up to version %s."
            .formatted(connections.shownUrl(), current.getVersion().getVersion(), known),
        "Start the release that made them so, or a newer one, or restore a backup from before it.");
  }

  private static boolean isConnectionProblem(SQLException e) {
    return e.getSQLState() != null
        && (e.getSQLState().startsWith("08") || e.getSQLState().startsWith("57P"));
  }

  private static String reason(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("The start was interrupted.", "Start again.", e);
    }
  }

  @Override
  public void stop() {
    running = false;
    pool.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** First to start and last to stop: all others need the store. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }

  /** The server does not answer, or not as it should; it may later. */
  private static final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreachable(String message) {
      super(message);
    }
  }
}
