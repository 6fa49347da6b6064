package io.sluice.acceptance;

import static io.sluice.acceptance.process.Direction.INBOUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.topology.Host;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** A host with rules of its own has exactly those again when Sluice goes. */
@ExtendWith(SharedWorld.class)
class RestoredHostTest {

  private final World world;
  private final Fleet fleet;

  RestoredHostTest(World world) {
    this.world = world;
    this.fleet = new Fleet(world.operator());
  }

  private String name = "";
  private String before = "";
  private AgentProcess agent;

  @BeforeEach
  void aHostWithRulesOfItsOwnIsCaptured(TestInfo test) {
    name = test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
    Host host = world.host(name);
    for (String family : new String[] {"iptables", "ip6tables"}) {
      host.namespace().run(family, "-t", "nat", "-A", "OUTPUT", "-p", "udp", "-j", "RETURN");
      host.namespace().run(family, "-t", "nat", "-N", "FOREIGN");
      host.namespace().run(family, "-t", "mangle", "-A", "PREROUTING", "-p", "tcp", "-j", "ACCEPT");
      host.namespace().run(family, "-A", "INPUT", "-p", "tcp", "--dport", "9", "-j", "DROP");
      host.namespace().run(family, "-t", "raw", "-S");
    }
    before = new DataPath(host, world.folder()).rules();
    fleet.put(name, Dataplanes.transparent(name, host, 5000));
    agent = world.agent(host, name);
    fleet.awaitInSync(name);
    assertThat(agent.dataPath().rules()).contains("SLUICE").contains("FOREIGN");
  }

  @Test
  void byUninstall() {
    agent.stop();
    agent.uninstall();

    assertThat(agent.dataPath().rules()).isEqualTo(before);
    assertThat(agent.dataPath().listening(INBOUND.port())).isEmpty();
  }

  @Test
  void byTheDataplanesDeletion() {
    world.operator().delete(Dataplanes.PATH + "/" + name);

    agent.await("the rules are gone", () -> !agent.dataPath().rules().contains("SLUICE"));
    agent.await("Envoy is gone", () -> agent.dataPath().listening(INBOUND.port()).isEmpty());
    assertThat(agent.dataPath().rules()).isEqualTo(before);
    agent.stop();
    agent.uninstall();
  }

  @Test
  void applyingTheSameTwiceChangesNothing() {
    String applied = agent.dataPath().rules();

    agent.stop();
    agent.restart();
    agent.awaitLog("event=envoy-adopted");
    fleet.awaitInSync(name);

    assertThat(agent.dataPath().rules()).isEqualTo(applied);
    agent.stop();
    agent.uninstall();
  }
}
