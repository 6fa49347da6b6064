package io.sluice.controlplane.discovery;

import static io.sluice.controlplane.store.Samples.AUTHOR;
import static io.sluice.controlplane.store.Samples.dataplane;
import static io.sluice.controlplane.store.Samples.mesh;
import static io.sluice.controlplane.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.controlplane.fleet.StatusReport;
import io.sluice.controlplane.postgres.TestServer;
import io.sluice.controlplane.store.Author;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreApplication;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.controlplane.store.Write;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.dataplane.ServiceProbe;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence.State;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** Tries to make endpoints leave that are there, and to keep those that are not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PresenceTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration STEP = Duration.ofSeconds(5);

  private final AtomicInteger number = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // set before all tests
  private TestServer.Address database;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private ConfigurableApplicationContext one;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private ConfigurableApplicationContext other;

  private String mesh = "";

  @BeforeAll
  void startReplicas() {
    database = TestServer.freshDatabase();
    one = DiscoveryApplication.on(database);
    other = DiscoveryApplication.on(database);
    await().atMost(SOON).until(() -> StoreApplication.views(one).loaded());
    await().atMost(SOON).until(() -> StoreApplication.views(other).loaded());
  }

  @BeforeEach
  void makeMesh() {
    mesh = "m" + number.incrementAndGet();
    write(put(mesh(mesh)));
    for (int i = 1; i <= 3; i++) {
      write(put(dataplane(mesh, "web-" + i, "10.0.0." + i, 8080)));
    }
    awaitShown(key(3));
    pass(STEP);
  }

  @AfterAll
  void stopReplicas() {
    one.close();
    other.close();
  }

  @Test
  void anAgentThatIsNotHeardForTheTimeoutTakesItsEndpointsWithIt() {
    live(one, 1);
    live(one, 2);
    for (int i = 0; i < 4; i++) {
      pass(STEP);
      presence(one).polled(key(2));
    }
    assertThat(store().find(ResourceKey.presence(mesh, "web-1"))).isEmpty();

    for (int i = 0; i < 6; i++) {
      pass(STEP);
      presence(one).polled(key(2));
    }

    awaitState(key(1), State.AWAY);
    assertThat(rows(one).state(key(2))).isEmpty();
    assertThat(endpoints()).containsExactly("web-2", "web-3");
  }

  @Test
  void anAgentLeavesNotTwoSecondsBeforeTheTimeoutAndNotASecondAfterIt() {
    live(one, 1);
    live(one, 2);
    Duration second = Duration.ofSeconds(1);
    for (int i = 0; i < 27; i++) {
      pass(second);
      presence(one).polled(key(2));
    }
    assertThat(store().find(ResourceKey.presence(mesh, "web-1"))).isEmpty();

    for (int i = 27; i < 31; i++) {
      pass(second);
      presence(one).polled(key(2));
    }

    assertThat(store().find(ResourceKey.presence(mesh, "web-1"))).isPresent();
  }

  @Test
  void anAgentThatIsHeardAgainBringsItsEndpointsBack() {
    live(one, 1);
    passUntilMissed();
    awaitState(key(1), State.AWAY);

    presence(other).polled(key(1));
    assertThat(rows(one).state(key(1))).isPresent();
    live(other, 1);

    awaitPresent(key(1));
  }

  @Test
  void anAgentThatAnotherReplicaHearsIsNotMissed() {
    live(one, 1);
    for (int i = 0; i < 12; i++) {
      pass(STEP);
      presence(other).polled(key(1));
    }

    assertThat(history(ResourceKey.presence(mesh, "web-1"))).isZero();
  }

  @Test
  void ifAllAgentsOfAServiceFallSilentItsEndpointsStay() {
    live(one, 1);
    live(other, 2);
    live(one, 3);

    passUntilMissed();

    for (int i = 1; i <= 3; i++) {
      awaitState(key(i), State.KEPT);
    }
    assertThat(endpoints()).containsExactly("web-1", "web-2", "web-3");
  }

  @Test
  void endpointsThatWereKeptHaveTimeToComeBackOnceAnotherDid() {
    live(one, 1);
    live(one, 2);
    live(one, 3);
    passUntilMissed();
    awaitState(key(1), State.KEPT);
    awaitState(key(2), State.KEPT);
    awaitState(key(3), State.KEPT);

    live(one, 3);
    awaitPresent(key(3));
    pass(STEP, STEP);
    assertThat(rows(one).state(key(1))).contains(State.KEPT);
    live(other, 2);
    awaitPresent(key(2));
    for (int i = 0; i < 24; i++) {
      pass(STEP);
      presence(one).polled(key(2));
      presence(one).polled(key(3));
    }

    awaitState(key(1), State.AWAY);
    assertThat(endpoints()).containsExactly("web-2", "web-3");
  }

  @Test
  void timeInWhichTheDatabaseWasAwayCountsForNobody() throws SQLException {
    live(one, 1);
    live(other, 2);
    sql("alter table dataplane_silence rename to gone_silence");
    for (int i = 0; i < 60; i++) {
      pass(STEP);
    }
    sql("alter table gone_silence rename to dataplane_silence");

    pass(STEP, STEP, STEP, STEP, STEP, STEP, STEP, STEP, STEP, STEP, STEP, STEP);
    live(one, 1);
    live(other, 2);
    pass(STEP, STEP);

    assertThat(history(ResourceKey.presence(mesh, "web-1"))).isZero();
    assertThat(history(ResourceKey.presence(mesh, "web-2"))).isZero();
  }

  @Test
  void timeInWhichAReplicaStoodStillCountsForNobody() {
    live(one, 1);
    live(one, 2);
    time(one).pass(Duration.ofHours(3));
    time(other).pass(Duration.ofHours(3));
    pass(STEP, STEP, STEP);

    assertThat(history(ResourceKey.presence(mesh, "web-1"))).isZero();
  }

  @Test
  void agentsOfAReplicaThatWasKilledHaveTimeToFindAnotherOne() throws SQLException {
    live(one, 2);
    try (ConfigurableApplicationContext killed = DiscoveryApplication.on(database)) {
      killed.getBean(Watch.class).look();
      sql(
          "insert into dataplane_status (mesh, name, replica, connected, changed)"
              + " values ('%s', 'web-1', '%s', now(), now())"
                  .formatted(mesh, killed.getBean(SilenceTable.class).self()));
    }

    for (int i = 0; i < 16; i++) {
      pass(STEP);
      presence(one).polled(key(2));
    }
    assertThat(store().find(ResourceKey.presence(mesh, "web-1"))).isEmpty();
    for (int i = 0; i < 14; i++) {
      pass(STEP);
      presence(one).polled(key(2));
    }

    awaitState(key(1), State.AWAY);
  }

  @Test
  void aDataplaneOfTheApiStaysWithoutEndpointsWhenItsAgentSaysGoodbye() {
    live(one, 1);
    report(one, 1, "state=stopping");

    awaitState(key(1), State.GONE);
    assertThat(endpoints()).containsExactly("web-2", "web-3");
    live(other, 1);
    awaitPresent(key(1));
  }

  @Test
  void aDataplaneThatItsAgentRegisteredGoesWithItsGoodbye() {
    StoreApplication.store(one)
        .write(List.of(put(dataplane(mesh, "web-4", "10.0.0.4", 8080))), new Author("agent:web-4"));
    awaitShown(key(4));
    live(one, 4);

    report(one, 4, "state=stopping");

    assertThat(StoreApplication.store(one).find(key(4))).isEmpty();
  }

  @Test
  void anEnvoyThatIsDownTakesItsEndpointsOutAtOnceUntilItIsLive() {
    report(one, 1, "envoy.state=down");
    awaitState(key(1), State.AWAY);
    presence(one).polled(key(1));
    report(one, 1, "envoy.state=starting");
    assertThat(rows(one).state(key(1))).contains(State.AWAY);

    live(one, 1);

    awaitPresent(key(1));
  }

  @Test
  void anEnvoyThatIsLiveAgainBeforeTheViewHasShownThatItWasDownIsPresent() {
    for (int i = 0; i < 5; i++) {
      report(one, 1, "envoy.state=down");
      live(one, 1);
    }

    assertThat(StoreApplication.store(one).find(ResourceKey.presence(mesh, "web-1"))).isEmpty();
  }

  @Test
  void whatProbesFindIsKeptAndAnAgentThatKnowsNothingYetTakesNothingAway() {
    write(put(probed("web-5", "10.0.0.5")));
    awaitShown(key(5));
    report(one, 5, "envoy.state=live\ninbounds.ready=10.0.0.5:8080,10.9.9.9:1");
    report(one, 5, "envoy.state=live");

    assertThat(health(5)).isEqualTo(Map.of("10.0.0.5:8080", true));
    report(other, 5, "envoy.state=live\ninbounds.notready=10.0.0.5:8080");
    assertThat(health(5)).isEqualTo(Map.of("10.0.0.5:8080", false));
  }

  @Test
  void aDataplaneThatWasAwayForTooLongIsDeletedAndTimeInWhichNobodyLookedDoesNotCount()
      throws SQLException {
    report(one, 1, "state=stopping");
    awaitState(key(1), State.GONE);
    collect();
    sql("update dataplane_absence set counted = counted - interval '100 hours'");
    collect();
    assertThat(StoreApplication.store(one).find(key(1))).isPresent();

    sql("update dataplane_absence set watched = interval '72 hours'");
    collect();

    assertThat(StoreApplication.store(one).find(key(1))).isEmpty();
  }

  @Test
  void theLastEndpointsOfAServiceAreNotCollected() throws SQLException {
    for (int i = 1; i <= 3; i++) {
      live(one, i);
    }
    passUntilMissed();
    for (int i = 1; i <= 3; i++) {
      awaitState(key(i), State.KEPT);
    }
    collect();
    sql("update dataplane_absence set watched = interval '72 hours'");
    collect();

    assertThat(store().find(key(1))).isPresent();
  }

  @Test
  void nothingIsCollectedOfAMeshOfWhichHalfIsNotHeard() throws SQLException {
    for (int i = 4; i <= 9; i++) {
      write(put(dataplane(mesh, "web-" + i, "10.0.0." + i, 8080)));
    }
    awaitShown(key(9));
    for (int i = 1; i <= 9; i++) {
      live(one, i);
    }
    sql(
        "insert into dataplane_status (mesh, name, replica, connected, changed, disconnected)"
            + " select mesh, name, gen_random_uuid(), now(), now(), now() from dataplane"
            + " where mesh = '"
            + mesh
            + "'");
    for (int i = 0; i < 10; i++) {
      pass(STEP);
      presence(one).polled(key(9));
    }
    awaitState(key(1), State.AWAY);
    collect();
    sql("update dataplane_absence set watched = interval '72 hours'");
    collect();
    assertThat(store().find(key(1))).isPresent();

    for (int i = 3; i <= 9; i++) {
      live(one, i);
      awaitPresent(key(i));
    }
    collect();
    sql("update dataplane_absence set watched = interval '72 hours'");
    collect();

    assertThat(store().find(key(1))).isEmpty();
  }

  @Test
  void aPollWaitsForAThirdOfTheTimeoutAtMost() {
    assertThat(one.getBean(PresenceSettings.class).longestWait()).isEqualTo(Duration.ofSeconds(10));
  }

  /** Past the timeout and the time that other replicas have to contradict. */
  private void passUntilMissed() {
    for (int i = 0; i < 10; i++) {
      pass(STEP);
    }
  }

  private void pass(Duration... spans) {
    for (Duration span : spans) {
      time(one).pass(span);
      time(other).pass(span);
      one.getBean(Watch.class).look();
      other.getBean(Watch.class).look();
    }
  }

  private void collect() {
    for (ConfigurableApplicationContext replica : List.of(one, other)) {
      time(replica).pass(Duration.ofMinutes(1));
      replica.getBean(LongAbsent.class).collect();
    }
  }

  private void live(ConfigurableApplicationContext replica, int dataplane) {
    report(replica, dataplane, "state=running\nenvoy.state=live");
  }

  private void report(ConfigurableApplicationContext replica, int dataplane, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    presence(replica).reported(key(dataplane), StatusReport.parse(body), HealthReport.parse(body));
  }

  private void awaitState(ResourceKey dataplane, State state) {
    for (ConfigurableApplicationContext replica : List.of(one, other)) {
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(rows(replica).state(dataplane)).contains(state));
    }
  }

  private void awaitPresent(ResourceKey dataplane) {
    for (ConfigurableApplicationContext replica : List.of(one, other)) {
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(rows(replica).state(dataplane)).isEmpty());
    }
  }

  private void awaitShown(ResourceKey dataplane) {
    for (ConfigurableApplicationContext replica : List.of(one, other)) {
      await().atMost(SOON).until(() -> StoreApplication.views(replica).find(dataplane).isPresent());
    }
  }

  private List<String> endpoints() {
    return StoreApplication.views(one)
        .catalogue(mesh)
        .destination(new TreeMap<>(Map.of(Inbound.SERVICE_TAG, "web")))
        .endpoints()
        .stream()
        .map(each -> each.dataplane())
        .toList();
  }

  private Map<String, Boolean> health(int dataplane) {
    return StoreApplication.store(one)
        .find(ResourceKey.health(mesh, "web-" + dataplane))
        .map(StoredResource::resource)
        .map(row -> ((DataplaneHealth) row).inbounds())
        .orElseThrow();
  }

  private int history(ResourceKey key) {
    return store().history(key, Long.MAX_VALUE, 10).size();
  }

  private ResourceStore store() {
    return StoreApplication.store(one);
  }

  private Dataplane probed(String name, String address) {
    ServiceProbe probe = new ServiceProbe(null, null, null, null, null);
    Inbound inbound =
        new Inbound(
            8080,
            79,
            null,
            null,
            new TreeMap<>(Map.of(Inbound.SERVICE_TAG, "web")),
            null,
            probe,
            Inbound.State.READY,
            null);
    return new Dataplane(
        mesh,
        name,
        new TreeMap<>(),
        new Networking(address, null, List.of(inbound), List.of(), null, null, null),
        null,
        null);
  }

  private ResourceKey key(int dataplane) {
    return ResourceKey.dataplane(mesh, "web-" + dataplane);
  }

  private void write(Write write) {
    store().write(List.of(write), AUTHOR);
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = database.connect();
        Statement executed = connection.createStatement()) {
      executed.execute(statement);
    }
  }

  private static Presence presence(ConfigurableApplicationContext replica) {
    return replica.getBean(Presence.class);
  }

  private static PresenceRows rows(ConfigurableApplicationContext replica) {
    return replica.getBean(PresenceRows.class);
  }

  private static DiscoveryApplication.Time time(ConfigurableApplicationContext replica) {
    return replica.getBean(DiscoveryApplication.Time.class);
  }
}
