package io.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.topology.Host;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Another program changes our rules on a host: they are put back, or the operator is told. */
@ExtendWith(SharedWorld.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ForeignChangesTest {

  private static final String NAME = "meddled";

  /** A second where nothing else runs; shared cores may take longer. */
  private static final Duration REPAIRED = Duration.ofSeconds(4);

  private static final Duration TOLD = Duration.ofSeconds(20);

  private final Fleet fleet;
  private final Host host;
  private final AgentProcess agent;
  private final DataPath path;
  private final String rules;

  ForeignChangesTest(World world) {
    fleet = new Fleet(world.operator());
    host = world.host(NAME);
    fleet.put(NAME, Dataplanes.transparent(NAME, host, 5000));
    agent = world.agent(host, NAME);
    path = agent.dataPath();
    fleet.awaitInSync(NAME);
    rules = path.rules();
  }

  @AfterAll
  void remove() {
    agent.stop();
    agent.uninstall();
  }

  @Test
  @Order(1)
  void aFlushedTableIsPutBackAndTheFleetSaysByWhom() {
    host.namespace().run("iptables", "-t", "nat", "-F");

    awaitRules();
    awaitDrift("repaired", 1);
  }

  @Test
  @Order(2)
  void aDeletedJumpIsPutBack() {
    host.namespace().run("ip6tables", "-t", "nat", "-D", "PREROUTING", "1");

    awaitRules();
    JsonNode drift = awaitDrift("repaired", 2);
    assertThat(drift.path("what").asString()).contains("IPv6 nat").contains("PREROUTING");
  }

  @Test
  @Order(3)
  void withDriftReportItIsOnlyTold() {
    fleet.putPolicy(NAME, Policies.forOne(NAME, "drift: report"));
    fleet.awaitInSync(NAME);
    host.namespace().run("iptables", "-t", "nat", "-F", "PREROUTING");
    String changed = path.rules();

    awaitDrift("standing", 3);
    assertThat(path.rules()).isEqualTo(changed).isNotEqualTo(rules);

    fleet.deletePolicy(NAME);
    Awaitility.await("the rules are back, since they may be")
        .atMost(TOLD)
        .untilAsserted(() -> assertThat(path.rules()).isEqualTo(rules));
  }

  private void awaitRules() {
    Awaitility.await("the rules are back")
        .atMost(REPAIRED)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(path.rules()).isEqualTo(rules));
  }

  /** What the fleet says of the last drift. */
  private JsonNode awaitDrift(String state, int count) {
    Awaitility.await("the fleet shows drift " + count)
        .atMost(TOLD)
        .untilAsserted(
            () -> {
              JsonNode drift = drift();
              assertThat(drift.path("state").asString("")).as("%s", drift).isEqualTo(state);
              assertThat(drift.path("count").asInt(0)).as("%s", drift).isEqualTo(count);
            });
    assertThat(drift().path("by").asString()).contains("tables"); // iptables or xtables-nft-multi
    return drift();
  }

  private JsonNode drift() {
    return fleet.host(NAME).path("report").path("drift");
  }
}
