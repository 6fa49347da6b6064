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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A policy's mode turns an explicit host into a transparent one, and back. */
@ExtendWith(SharedWorld.class)
class ChangedModeTest {

  private static final String NAME = "two-modes";

  private final World world;

  ChangedModeTest(World world) {
    this.world = world;
  }

  @Test
  void aPolicyTurnsAHostTransparentAndBackWithoutALostRequest() throws IOException {
    Fleet fleet = new Fleet(world.operator());
    Host client = world.host("modes-client");
    Host host = world.host(NAME);
    world.application(NAME, host, "127.0.0.1", 5000);
    fleet.put(NAME, Dataplanes.explicit(NAME, host, 5000));
    AgentProcess agent = world.agent(host, NAME);
    DataPath path = agent.dataPath();
    fleet.awaitInSync(NAME);

    try (Load load = Load.start(client, host.ipv4(15000), 4)) {
      load.more(50);
      fleet.putPolicy(NAME, Policies.forOne(NAME, "mode: iptables"));
      fleet.awaitInSync(NAME);
      load.more(50);
      assertThat(load.failures()).as("failed requests").isEmpty();
    }
    assertThat(request(client, host.ipv4(15000)).watching(path))
        .wasAnsweredBy(NAME)
        .wasCapturedOnce(INBOUND);

    try (Load load = Load.start(client, host.ipv4(15000), 4)) {
      load.more(50);
      fleet.putPolicy(NAME, Policies.forOne(NAME, "mode: none"));
      fleet.awaitInSync(NAME);
      load.more(50);
      assertThat(load.failures()).as("failed requests").isEmpty();
    }
    assertThat(path.rules()).doesNotContain("-A PREROUTING").doesNotContain("-A OUTPUT");
    assertThat(request(client, host.ipv4(15000)).watching(path))
        .wasAnsweredBy(NAME)
        .wasTakenByEnvoyItself();

    fleet.deletePolicy(NAME);
    agent.stop();
    agent.uninstall();
  }
}
