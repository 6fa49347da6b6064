package io.sluice.controlplane.postgres;

import static io.sluice.controlplane.store.Samples.AUTHOR;
import static io.sluice.controlplane.store.Samples.mesh;
import static io.sluice.controlplane.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.controlplane.start.StartFailure;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreApplication;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessResourceFailureException;

class DatabaseTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void tablesOfANewerReleaseAreRefusedAndBothVersionsNamed() throws Exception {
    TestServer.Address database = TestServer.freshDatabase();
    StoreApplication.on(database).close();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into flyway_schema_history select installed_rank + 1000, '987', 'later', type,"
              + " 'V987__later.sql', 0, installed_by, now(), 1, true"
              + " from flyway_schema_history order by installed_rank desc limit 1");
    }

    assertThatThrownBy(() -> StoreApplication.on(database).close())
        .hasRootCauseInstanceOf(StartFailure.class)
        .rootCause()
        .hasMessageContaining("version 987")
        .hasMessageContaining("up to version");
  }

  @Test
  void databaseThatComesLaterIsMigratedThenAndReadinessFollows() throws Exception {
    TestServer.Address there = TestServer.freshDatabase();
    String name = there.url().replaceAll(".*/", "") + "_later";
    TestServer.Address later =
        new TestServer.Address(there.url() + "_later", there.username(), there.password());

    try (ConfigurableApplicationContext replica = StoreApplication.on(later)) {
      ResourceStore store = StoreApplication.store(replica);
      HealthIndicator health = replica.getBean("database", HealthIndicator.class);
      assertThatThrownBy(() -> store.find(ResourceKey.mesh("default")))
          .isInstanceOf(DataAccessResourceFailureException.class)
          .hasMessageContaining(name);
      assertThat(status(health)).isEqualTo(Status.DOWN);

      try (Connection connection = there.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("create database " + name);
      }

      await().atMost(SOON).until(() -> status(health).equals(Status.UP));
      assertThat(store.find(ResourceKey.mesh("default"))).isPresent();
    }
  }

  @Test
  void lostDatabaseShowsInReadinessAndComesBack() throws Exception {
    TestServer.Address database = TestServer.freshDatabase();
    String name = database.url().replaceAll(".*/", "");
    TestServer.Address administration = TestServer.freshDatabase();

    try (ConfigurableApplicationContext replica = StoreApplication.on(database);
        Connection connection = administration.connect();
        Statement statement = connection.createStatement()) {
      HealthIndicator health = replica.getBean("database", HealthIndicator.class);
      await().atMost(SOON).until(() -> status(health).equals(Status.UP));

      statement.execute("alter database " + name + " with allow_connections false");
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
      await().atMost(SOON).until(() -> status(health).equals(Status.DOWN));

      statement.execute("alter database " + name + " with allow_connections true");
      await().atMost(SOON).until(() -> status(health).equals(Status.UP));
      assertThat(StoreApplication.store(replica).write(List.of(put(mesh("m"))), AUTHOR)).hasSize(1);
    }
  }

  @Test
  void oldPostgresqlIsRefused() {
    assertThatThrownBy(() -> Database.requireSupported(14, "jdbc:postgresql://db/sluice"))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("PostgreSQL 14");
  }

  @Test
  void urlOfAnotherKindOfDatabaseIsRefused() {
    assertThatThrownBy(
            () -> new DatabaseSettings.Database("jdbc:mysql://db/sluice", null, null, 10))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("jdbc:mysql://db/sluice");
  }

  private static Status status(HealthIndicator indicator) {
    org.springframework.boot.health.contributor.Health health = indicator.health();
    return health == null ? Status.UNKNOWN : health.getStatus();
  }
}
