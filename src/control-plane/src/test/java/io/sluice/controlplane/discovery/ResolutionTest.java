package io.sluice.controlplane.discovery;

import static io.sluice.controlplane.store.Samples.AUTHOR;
import static io.sluice.controlplane.store.Samples.dataplane;
import static io.sluice.controlplane.store.Samples.delete;
import static io.sluice.controlplane.store.Samples.mesh;
import static io.sluice.controlplane.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.controlplane.postgres.TestServer;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoreApplication;
import io.sluice.controlplane.store.Write;
import io.sluice.resources.discovery.ResolvedAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** DNS names of dataplanes, with a name server that says what the test wants. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResolutionTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String NAME = "vm-1.example";
  private static final ResourceKey KEY = new ResourceKey(ResolvedAddress.TYPE, "named", NAME);

  @SuppressWarnings("NullAway.Init") // set before all tests
  private ConfigurableApplicationContext replica;

  @BeforeAll
  void startReplica() {
    replica = DiscoveryApplication.on(TestServer.freshDatabase());
    await().atMost(SOON).until(() -> StoreApplication.views(replica).loaded());
  }

  @AfterAll
  void stopReplica() {
    replica.close();
  }

  @Test
  void aNameHasItsAddressAsLongAsItIsAnsweredAndKeepsTheLastOneWhenItIsNot() {
    names().say(NAME, "2001:db8::1", "192.0.2.9", "192.0.2.1");
    write(put(mesh("named")));
    write(put(dataplane("named", "vm-1", NAME, 8080)));
    await()
        .atMost(SOON)
        .until(() -> !StoreApplication.views(replica).catalogue("named").unliteral().isEmpty());
    refreshUntil("192.0.2.1");

    names().say(NAME, "192.0.2.0", "192.0.2.1");
    refresh();
    names().fail(NAME);
    refresh();
    assertThat(address()).contains("192.0.2.1");

    names().say(NAME, "127.0.1.1");
    refresh();
    names().say(NAME, "0.0.0.0", "127.0.1.1", "192.0.2.7", "224.0.0.1");
    refreshUntil("192.0.2.7");

    write(delete(ResourceKey.dataplane("named", "vm-1")));
    await()
        .atMost(SOON)
        .until(
            () -> {
              refresh();
              return address().isEmpty();
            });
  }

  private void refreshUntil(String address) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              refresh();
              return address().equals(Optional.of(address));
            });
  }

  private void refresh() {
    replica.getBean(DiscoveryApplication.Time.class).pass(Duration.ofSeconds(20));
    replica.getBean(Resolution.class).refresh();
  }

  private Optional<String> address() {
    return StoreApplication.views(replica)
        .find(KEY)
        .map(row -> ((ResolvedAddress) row.resource()).address().toString());
  }

  private DiscoveryApplication.NameServer names() {
    return replica.getBean(DiscoveryApplication.NameServer.class);
  }

  private void write(Write write) {
    StoreApplication.store(replica).write(List.of(write), AUTHOR);
  }
}
