package io.sluice.controlplane.discovery;

import static io.sluice.controlplane.store.Samples.AUTHOR;
import static io.sluice.controlplane.store.Samples.dataplane;
import static io.sluice.controlplane.store.Samples.delete;
import static io.sluice.controlplane.store.Samples.mesh;
import static io.sluice.controlplane.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.postgres.TestServer;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoreApplication;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.controlplane.store.Write;
import io.sluice.resources.discovery.VirtualAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** Two replicas on one database, both of which give addresses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostAddressesTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @SuppressWarnings("NullAway.Init") // set before all tests
  private ConfigurableApplicationContext one;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private ConfigurableApplicationContext other;

  @BeforeAll
  void startReplicas() {
    TestServer.Address database = TestServer.freshDatabase();
    one = DiscoveryApplication.on(database);
    other = DiscoveryApplication.on(database);
  }

  @AfterAll
  void stopReplicas() {
    one.close();
    other.close();
  }

  @Test
  void theHostOfAServiceGetsOnePairOfAddressesThatEveryReplicaShows() {
    write(put(mesh("new")));
    write(put(service("new", "web-1", "web", 1)));

    awaitAddress(one, "new", "web.mesh");
    awaitAddress(other, "new", "web.mesh");
    assertThat(StoreApplication.store(one).every(VirtualAddress.TYPE, "new")).hasSize(1);
    assertThat(StoreApplication.views(one).catalogue("new").reach(List.of()).names().keySet())
        .containsExactly("web.mesh");
  }

  @Test
  void manyServicesAtOnceGetAddressesOfTheirOwn() {
    write(put(mesh("many")));
    List<Write> all =
        IntStream.range(0, 50)
            .mapToObj(i -> put(service("many", "d" + i, "s-" + i, 1000 + i)))
            .toList();
    StoreApplication.store(other).write(all, AUTHOR);

    for (int i = 0; i < 50; i++) {
      awaitAddress(one, "many", "s-" + i + ".mesh");
    }
    assertThat(StoreApplication.store(one).every(VirtualAddress.TYPE, "many"))
        .hasSize(50)
        .extracting(row -> ((VirtualAddress) row.resource()).ipv4())
        .doesNotHaveDuplicates();
  }

  @Test
  void aServiceThatComesBackKeepsItsAddress() {
    write(put(mesh("back")));
    write(put(service("back", "web-1", "web", 1)));
    StoredResource before = awaitAddress(one, "back", "web.mesh");
    write(delete(ResourceKey.dataplane("back", "web-1")));
    write(put(service("back", "web-2", "web", 2)));
    awaitAddress(one, "back", "web.mesh");

    assertThat(StoreApplication.store(one).find(ResourceKey.virtualAddress("back", "web.mesh")))
        .contains(before);
  }

  private StoredResource awaitAddress(
      ConfigurableApplicationContext replica, String mesh, String host) {
    MeshViews views = StoreApplication.views(replica);
    return await()
        .atMost(SOON)
        .until(() -> views.find(ResourceKey.virtualAddress(mesh, host)), row -> row.isPresent())
        .orElseThrow();
  }

  private static io.sluice.resources.Resource service(
      String mesh, String name, String service, int port) {
    return dataplane(mesh, name, "10.0.0.1", port, Map.of("kuma.io/service", service));
  }

  private void write(Write write) {
    StoreApplication.store(one).write(List.of(write), AUTHOR);
  }
}
