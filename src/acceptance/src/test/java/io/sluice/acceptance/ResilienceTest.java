package io.sluice.acceptance;

import static io.sluice.acceptance.Exchange.request;
import static io.sluice.acceptance.ExchangeAssert.assertThat;
import static io.sluice.acceptance.process.Direction.INBOUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The data path goes on without the control plane and without the agent, and catches up. */
@ExtendWith(SharedWorld.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResilienceTest {

  private static final String NAME = "steady";

  private final World world;
  private final Fleet fleet;
  private final Host client;
  private final Host host;
  private final AgentProcess agent;
  private final DataPath path;

  ResilienceTest(World world) throws IOException {
    this.world = world;
    fleet = new Fleet(world.operator());
    client = world.host("steady-client");
    host = world.host(NAME);
    world.application(NAME, host, "::", 5000);
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
  void aKilledControlPlaneCostsNoRequestAndTheAgentCatchesUp() {
    try (Load load = Load.start(client, host.ipv4(5000), 4)) {
      load.more(100);
      world.controlPlane().kill();
      load.more(500);
      world.controlPlane().restart();
      change(6001);
      load.more(100);
      assertThat(load.failures()).as("failed requests").isEmpty();
    }
    assertThat(path.envoy("/config_dump?resource=dynamic_listeners")).contains("6001");
  }

  @Test
  void aControlPlaneThatIsStoppedDoesNotWaitForItsAgents() {
    long start = System.nanoTime();
    world.controlPlane().stop();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    world.controlPlane().restart();
    fleet.awaitInSync(NAME);

    assertThat(took).isLessThan(Duration.ofSeconds(15)); // a poll waits for 50
  }

  @Test
  void aKilledAgentCostsNoRequestAndItsSuccessorAdoptsEnvoy() {
    long envoy = envoy();
    try (Load load = Load.start(client, host.ipv4(5000), 4)) {
      load.more(100);
      agent.kill();
      change(6002, "pending");
      load.more(300);
      agent.restart();
      fleet.awaitInSync(NAME);
      load.more(100);
      assertThat(load.failures()).as("failed requests").isEmpty();
    }
    assertThat(envoy()).as("Envoy's process").isEqualTo(envoy);
  }

  @Test
  void anUpgradedAgentCostsNoRequest() throws IOException {
    long envoy = envoy();
    try (Load load = Load.start(client, host.ipv4(5000), 4)) {
      load.more(100);
      agent.stop();
      Path jar = world.folder().resolve("sluice-agent.jar");
      Path next = Files.copy(jar, jar.resolveSibling("next.jar"));
      Files.move(next, jar, StandardCopyOption.ATOMIC_MOVE);
      load.more(100);
      agent.restart();
      change(6003);
      load.more(100);
      assertThat(load.failures()).as("failed requests").isEmpty();
    }
    assertThat(envoy()).as("Envoy's process").isEqualTo(envoy);
  }

  @Test
  void anAgentStartsAgainWithoutAControlPlane() throws IOException {
    String rules = path.rules();
    agent.stop();
    world.controlPlane().kill();
    try {
      ProcessHandle.of(envoy()).ifPresent(ProcessHandle::destroyForcibly);
      host.namespace().run("iptables", "-t", "nat", "-F", "PREROUTING");
      agent.restart();
      agent.await("Envoy listens again", () -> !path.listening(INBOUND.port()).isEmpty());
      agent.await("the rules are back", () -> path.rules().equals(rules));
      agent.await("Envoy's configuration is complete", () -> path.envoy("/ready").contains("LIVE"));

      assertThat(request(client, host.ipv4(5000)).watching(path))
          .wasAnsweredBy(NAME)
          .wasCapturedOnce(INBOUND);
    } finally {
      world.controlPlane().restart();
    }
    fleet.awaitInSync(NAME);
  }

  /** Adds an inbound, so that there is something to catch up with. */
  private void change(int port) {
    change(port, "in-sync");
  }

  private void change(int port, String state) {
    String inbound =
        "  - port: %d%n    tags: {kuma.io/service: more, kuma.io/protocol: tcp}%n".formatted(port);
    String yaml = Dataplanes.transparent(NAME, host, 5000);
    fleet.put(NAME, yaml.replace("  transparentProxying:", inbound + "  transparentProxying:"));
    fleet.await(NAME, state);
  }

  private long envoy() {
    return path.owner(INBOUND.port());
  }
}
