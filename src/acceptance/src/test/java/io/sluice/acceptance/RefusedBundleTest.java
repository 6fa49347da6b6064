package io.sluice.acceptance;

import static io.sluice.acceptance.Exchange.request;
import static io.sluice.acceptance.ExchangeAssert.assertThat;
import static io.sluice.acceptance.process.Direction.INBOUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.topology.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Envoy or the kernel refuses changes nothing, is told, and is not tried again. */
@ExtendWith(SharedWorld.class)
class RefusedBundleTest {

  private final World world;
  private final Fleet fleet;
  private final Host client;

  RefusedBundleTest(World world) {
    this.world = world;
    this.fleet = new Fleet(world.operator());
    this.client = world.host("refused-client-" + System.nanoTime());
  }

  @Test
  void aListenerThatEnvoyCannotBindLeavesTheOldOne() throws IOException, InterruptedException {
    Host host = world.host("unbindable");
    world.application("unbindable", host, "127.0.0.1", 5000);
    fleet.put("unbindable", Dataplanes.explicit("unbindable", host, 5000));
    AgentProcess agent = world.agent(host, "unbindable");
    fleet.awaitInSync("unbindable");
    String applied = fleet.host("unbindable").path("report").path("applied").asString();

    String elsewhere = Dataplanes.explicit("unbindable", host, "10.119.249.250", 5000);
    fleet.put("unbindable", elsewhere);
    fleet.await("unbindable", "rejected");

    assertThat(request(client, host.ipv4(15000)).watching(agent.dataPath()))
        .wasAnsweredBy("unbindable")
        .wasTakenByEnvoyItself();
    assertThat(fleet.host("unbindable").path("report").path("applied").asString())
        .isEqualTo(applied);
    assertThat(fleet.host("unbindable").toString()).contains("10.119.249.250");
    isNotTriedAgain(agent);

    fleet.put("unbindable", Dataplanes.explicit("unbindable", host, 5000));
    fleet.awaitInSync("unbindable");
    agent.stop();
    agent.uninstall();
  }

  @Test
  void rulesThatTheKernelRefusesForOneFamilyAreInForceForNone()
      throws IOException, InterruptedException {
    Host host = world.host("unruly");
    world.application("unruly", host, "::", 5000);
    // A table that belongs to a program which goes on running: nobody else may change it.
    Process owner =
        new ProcessBuilder(host.namespace().command("nft", "-i")).redirectErrorStream(true).start();
    owner
        .getOutputStream()
        .write("add table ip6 nat { flags owner; }\n".getBytes(StandardCharsets.UTF_8));
    owner.getOutputStream().flush();
    while (!host.namespace().run("nft", "list", "tables").contains("ip6 nat")) {
      Thread.sleep(20);
    }
    String before = new DataPath(host, world.folder()).rules();

    fleet.put("unruly", Dataplanes.transparent("unruly", host, 5000));
    AgentProcess agent = world.agent(host, "unruly");
    fleet.await("unruly", "rejected");

    assertThat(agent.dataPath().rules()).isEqualTo(before);
    assertThat(agent.dataPath().listening(INBOUND.port()))
        .as("an Envoy that captures nothing")
        .isEmpty();
    isNotTriedAgain(agent);

    owner.destroy();
    agent.stop();
    agent.uninstall();
  }

  private static void isNotTriedAgain(AgentProcess agent) throws InterruptedException {
    long tried = agent.logged("event=received");
    Thread.sleep(Duration.ofSeconds(5));
    assertThat(agent.logged("event=received")).as("times it was fetched").isEqualTo(tried);
    assertThat(agent.logged("event=rejected")).as("times it was refused").isEqualTo(1);
  }
}
