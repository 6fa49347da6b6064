package io.sluice.acceptance;

import static io.sluice.acceptance.process.Direction.INBOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Envoy dies, and its agent before it, so that nobody starts another one. */
@ExtendWith(SharedWorld.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyFailureTest {

  private static final String NAME = "failing";
  private static final String ENVOY = "127.0.0.6";
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Fleet fleet;
  private final Host client;
  private final Host host;
  private final Host upstream;
  private final AgentProcess agent;
  private final DataPath path;

  ProxyFailureTest(World world) throws IOException {
    fleet = new Fleet(world.operator());
    client = world.host("failing-client");
    host = world.host(NAME);
    upstream = world.host("failing-up");
    world.application(NAME, host, "::", 5000);
    world.application("upstream", upstream, "::", 80);
    fleet.put(NAME, Dataplanes.transparent(NAME, host, 5000));
    agent = world.agent(host, NAME);
    path = agent.dataPath();
    fleet.awaitInSync(NAME);
  }

  @AfterAll
  void remove() {
    agent.stop();
    agent.uninstall();
  }

  @Test
  void nothingPassesByEnvoyWhenTheHostIsClosed() {
    String rules = path.rules();
    fail();

    assertRefused(client, host.ipv4(5000));
    assertRefused(client, host.ipv6(5000));
    assertRefused(host, upstream.ipv4(80));
    assertThat(path.rules()).isEqualTo(rules);

    agent.restart();
    awaitCalledFrom(ENVOY);
  }

  @Test
  void trafficPassesByEnvoyWhenTheHostIsOpenUntilItListensAgain() throws IOException {
    fleet.putPolicy(NAME, Policies.forOne(NAME, "onProxyFailure: open"));
    fleet.awaitInSync(NAME);
    assertThat(peer()).isEqualTo(ENVOY);
    fail();

    awaitCalledFrom(client.ipv4().getHostAddress());
    assertThat(HttpConnection.get(host, upstream.ipv4(80), "/", LIMIT).application())
        .isEqualTo("upstream");

    agent.restart();
    awaitCalledFrom(ENVOY);
    fleet.deletePolicy(NAME);
    fleet.awaitInSync(NAME);
  }

  private void fail() {
    long envoy = path.owner(INBOUND.port());
    agent.kill();
    ProcessHandle.of(envoy).ifPresent(ProcessHandle::destroyForcibly);
    Awaitility.await("Envoy is dead").until(() -> path.listening(INBOUND.port()).isEmpty());
  }

  private static void assertRefused(Host from, InetSocketAddress to) {
    assertThatThrownBy(() -> HttpConnection.get(from, to, "/", LIMIT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused");
  }

  /** From where the host's application says it was called: it tells Envoy from a direct client. */
  private String peer() throws IOException {
    return HttpConnection.get(client, host.ipv4(5000), "/", LIMIT).peer();
  }

  private void awaitCalledFrom(String address) {
    Awaitility.await("the application is called from " + address)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> peer().equals(address));
  }
}
