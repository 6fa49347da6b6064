package io.sluice.controlplane.changes;

import static io.sluice.controlplane.store.Samples.AUTHOR;
import static io.sluice.controlplane.store.Samples.dataplane;
import static io.sluice.controlplane.store.Samples.delete;
import static io.sluice.controlplane.store.Samples.facts;
import static io.sluice.controlplane.store.Samples.mesh;
import static io.sluice.controlplane.store.Samples.policy;
import static io.sluice.controlplane.store.Samples.policyFor;
import static io.sluice.controlplane.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.controlplane.postgres.TestServer;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.SpecJson;
import io.sluice.controlplane.store.StoreApplication;
import io.sluice.controlplane.store.StoreException;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.controlplane.store.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Tries to make a view miss, reorder or invent a change. */
class ViewFollowerTest {

  private static final ResourceKey WEB = ResourceKey.dataplane("default", "web");
  private static final Duration SOON = Duration.ofSeconds(10);

  @SuppressWarnings("NullAway.Init") // set before each test
  private TestServer.Address database;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ConfigurableApplicationContext replica;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ResourceStore store;

  @SuppressWarnings("NullAway.Init") // set before each test
  private MeshViews views;

  @BeforeEach
  void startReplica() {
    database = TestServer.freshDatabase();
    replica = StoreApplication.on(database);
    store = StoreApplication.store(replica);
    views = StoreApplication.views(replica);
    await().atMost(SOON).until(views::loaded);
  }

  @AfterEach
  void stopReplica() {
    replica.close();
  }

  @Test
  void ownWriteShowsLongBeforeTheNextLook() {
    write(put(dataplane("default", "web", "10.0.0.1", 8080)));

    await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofMillis(700))
        .untilAsserted(() -> assertThat(views.dataplane(WEB)).isPresent());
    assertThat(views.dataplane(WEB).map(MeshViews.View::stored)).isEqualTo(store.find(WEB));
  }

  @Test
  void writeOfAnotherReplicaShows() {
    try (ConfigurableApplicationContext other = StoreApplication.on(database)) {
      StoreApplication.store(other)
          .write(List.of(put(dataplane("default", "web", "10.0.0.1", 8080))), AUTHOR);

      awaitThatTheViewIsRight();
    }
  }

  @Test
  void writeThatNobodyAnnouncesShows() throws SQLException {
    try (Connection connection = database.connect()) {
      insert(connection, "web");
    }
    await().atMost(SOON).until(() -> views.dataplane(WEB).isPresent());
  }

  @Test
  void longTransactionDelaysNobodyAndIsNotMissed() throws SQLException {
    try (Connection slow = database.connect()) {
      slow.setAutoCommit(false);
      insert(slow, "slow");

      for (int i = 0; i < 3; i++) {
        String name = "quick" + i;
        write(put(dataplane("default", name, "10.0.1.1", 8000 + i)));
        await()
            .atMost(SOON)
            .until(() -> views.dataplane(ResourceKey.dataplane("default", name)).isPresent());
      }
      assertThat(views.dataplane(ResourceKey.dataplane("default", "slow"))).isEmpty();
      slow.commit();
    }
    await()
        .atMost(SOON)
        .until(() -> views.dataplane(ResourceKey.dataplane("default", "slow")).isPresent());
    awaitThatTheViewIsRight();
  }

  @Test
  void killedConnectionsLoseNoChange() throws SQLException {
    write(put(dataplane("default", "web", "10.0.0.1", 8080)));
    awaitThatTheViewIsRight();

    try (Connection connection = database.connect()) {
      killOthers(connection);
      insert(connection, "while-deaf");
    }

    await()
        .atMost(SOON)
        .until(() -> views.dataplane(ResourceKey.dataplane("default", "while-deaf")).isPresent());
    awaitThatTheViewIsRight();
  }

  @Test
  void restoredBackupShowsAsItIs() throws SQLException {
    write(put(dataplane("default", "web", "10.0.0.1", 8080)));
    write(put(dataplane("default", "later", "10.0.0.2", 8080)));
    awaitThatTheViewIsRight();

    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("set session_replication_role = replica");
      statement.execute("create table kept as select * from history where name <> 'later'");
      statement.execute("truncate history");
      statement.execute("insert into history select * from kept");
      statement.execute("delete from dataplane where name = 'later'");
      connection.commit();
    }

    await()
        .atMost(SOON)
        .until(() -> views.dataplane(ResourceKey.dataplane("default", "later")).isEmpty());
    assertThat(views.dataplane(WEB)).isPresent();
  }

  @Test
  void rowsThatChangedBehindTheHistorysBackAreNoticed() throws SQLException, Doubt {
    write(put(dataplane("default", "web", "10.0.0.1", 8080)));
    HistoryReader reader = new HistoryReader(new SpecJson());

    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      Moment before = reader.load(connection);
      assertThat(reader.followAndVerify(connection, before).changed()).isEmpty();
      statement.execute("delete from endpoint_claim");
      statement.execute("delete from dataplane");

      assertThatThrownBy(() -> reader.followAndVerify(connection, before))
          .isInstanceOf(Doubt.class);
    }
  }

  @Test
  void viewShowsATransactionWholeOrNotAtAll() {
    for (int i = 0; i < 20; i++) {
      store.write(
          List.of(
              put(mesh("default", Map.of("round", "r" + i))),
              put(dataplane("default", "web", "10.0.0.1", 8000 + i))),
          AUTHOR);
      int round = i;
      await()
          .pollInterval(Duration.ofMillis(1))
          .atMost(SOON)
          .until(
              () -> {
                Optional<MeshViews.View> view = views.dataplane(WEB);
                view.ifPresent(
                    seen ->
                        assertThat(seen.inputs().mesh().labels())
                            .containsEntry(
                                "round",
                                "r"
                                    + (seen.inputs()
                                            .dataplane()
                                            .networking()
                                            .inbound()
                                            .getFirst()
                                            .port()
                                        - 8000)));
                return view.isPresent()
                    && view.get().inputs().dataplane().networking().inbound().getFirst().port()
                        == 8000 + round;
              });
    }
  }

  @Test
  void aPolicyAndFactsAreInputsOfTheDataplanesThatTheyConcernAndOfNoOthers() {
    write(put(dataplane("default", "web", "10.0.0.1", 8080)));
    write(put(dataplane("default", "other", "10.0.0.2", 8080)));
    awaitThatTheViewIsRight();
    var other = views.dataplane(ResourceKey.dataplane("default", "other")).orElseThrow();

    write(put(policyFor("default", "only-web", "web")));
    write(put(facts("default", "web", 7)));
    awaitThatTheViewIsRight();

    var web = views.dataplane(WEB).orElseThrow();
    assertThat(web.inputs().policies()).hasSize(1);
    assertThat(web.inputs().facts()).isPresent();
    assertThat(web.revision()).isGreaterThan(web.stored().revision());
    assertThat(views.dataplane(ResourceKey.dataplane("default", "other"))).contains(other);

    write(delete(WEB));
    write(delete(ResourceKey.transparentProxy("default", "only-web")));
    awaitThatTheViewIsRight();
    assertThat(views.policies("default")).isEmpty();
  }

  @Test
  void manyWritersNeverMakeTheViewGoBackOrMissAnything() throws Exception {
    Map<ResourceKey, Long> seen = new ConcurrentHashMap<>();
    List<String> defects = new java.util.concurrent.CopyOnWriteArrayList<>();
    views.onChange(
        keys ->
            keys.forEach(
                key ->
                    views
                        .dataplane(key)
                        .ifPresent(
                            view -> {
                              long revision = view.stored().revision();
                              Long before = seen.put(key, revision);
                              if (before != null && before > revision) {
                                defects.add(key + " from " + before + " to " + revision);
                              }
                            })));

    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
        Connection killer = database.connect()) {
      for (int i = 0; i < 6; i++) {
        int seed = i;
        writers.execute(() -> writeRandomly(new Random(seed)));
      }
      for (int i = 0; i < 3; i++) {
        Thread.sleep(300);
        killFollower(killer);
      }
    }

    awaitThatTheViewIsRight();
    assertThat(defects).isEmpty();
  }

  private void writeRandomly(Random random) {
    for (int i = 0; i < 60; i++) {
      String name = "d" + random.nextInt(10);
      try {
        switch (random.nextInt(8)) {
          case 0, 1 -> write(delete(ResourceKey.dataplane("default", name)));
          case 2 -> write(delete(ResourceKey.transparentProxy("default", name)));
          case 3 -> write(put(policy("default", name, random.nextBoolean())));
          case 4 -> write(put(facts("default", name, i)));
          default ->
              write(put(dataplane("default", name, "10.1." + name.substring(1) + ".1", 8000 + i)));
        }
      } catch (StoreException.NotFound e) {
        assertThat(e.key().name()).isEqualTo(name); // somebody else deleted it
      }
    }
  }

  private void awaitThatTheViewIsRight() {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(shown()).isEqualTo(stored()));
  }

  private List<StoredResource> stored() {
    return Stream.of("Dataplane", "HostFacts", "MeshTransparentProxy")
        .flatMap(type -> stored(type).stream())
        .toList();
  }

  private List<StoredResource> stored(String type) {
    return store
        .list(
            new io.sluice.controlplane.store.ResourceQuery(
                type,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                1000,
                Optional.empty()))
        .items();
  }

  private List<StoredResource> shown() {
    return ((ViewFollower) views)
        .all().stream()
            .filter(resource -> !resource.key().type().equals("Mesh"))
            .sorted(java.util.Comparator.comparing(StoredResource::key))
            .toList();
  }

  private void write(Write write) {
    assertThat(store.write(List.of(write), AUTHOR)).hasSize(1);
  }

  /** What a replica writes, but without telling anybody. */
  private static void insert(Connection connection, String name) throws SQLException {
    String spec =
        new SpecJson().write(dataplane("default", name, "10.2.0.1", 8080)).replace("'", "''");
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          with written as (
            insert into dataplane (mesh, name, spec, tags, revision, created_at, modified_at)
            values ('default', '%s', '%s', '{}', nextval('revision'), now(), now()) returning *)
          insert into history (revision, at, author, outcome, type, mesh, name, spec)
          select revision, modified_at, 'test', 'CREATED', 'Dataplane', mesh, name, spec
          from written
          """
              .formatted(name, spec));
    }
  }

  private static void killOthers(Connection connection) throws SQLException {
    kill(connection, "true");
  }

  /** Those that follow and listen; the pool's survive, so that writers go on. */
  private static void killFollower(Connection connection) throws SQLException {
    kill(
        connection,
        "(query ilike '%pg_current_snapshot%' or query ilike 'listen%' or query = 'select 1')");
  }

  private static void kill(Connection connection, String which) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity"
              + " where datname = current_database() and pid <> pg_backend_pid() and "
              + which);
    }
  }
}
