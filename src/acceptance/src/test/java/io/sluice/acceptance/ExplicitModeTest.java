package io.sluice.acceptance;

import static io.sluice.acceptance.Exchange.request;
import static io.sluice.acceptance.ExchangeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.HttpConnection;
import io.sluice.acceptance.traffic.Load;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The published example as it stands: Envoy on 10.119.249.39:15000, the application on loopback.
 */
@ExtendWith(SharedWorld.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExplicitModeTest {

  private final World world;
  private final Fleet fleet;
  private final Host client;
  private final Host host;
  private final AgentProcess agent;
  private final DataPath path;
  private final String rulesBefore;

  ExplicitModeTest(World world) throws IOException {
    this.world = world;
    fleet = new Fleet(world.operator());
    client = world.host("explicit-client");
    host = world.host("explicit", 39);
    world.application("demo-app", host, "127.0.0.1", 5000);
    world.application("next", host, "127.0.0.1", 5001);
    String yaml = Files.readString(world.checkout().example("demo-app.yaml"));
    HttpResponse<String> created = world.operator().postYaml(Dataplanes.PATH, yaml);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    rulesBefore = new DataPath(host, world.folder()).rules();
    agent = world.agent(host, "demo-app");
    path = agent.dataPath();
    fleet.awaitInSync("demo-app");
  }

  @AfterAll
  void remove() {
    agent.stop();
    agent.uninstall();
  }

  @Test
  @Order(1)
  void envoyIsBoundToTheInboundsAddressAndLeadsToTheApplication() throws IOException {
    assertThat(path.listening(15000))
        .containsExactly(new DataPath.Listening("10.119.249.39:15000", "envoy"));
    assertThat(request(client, host.ipv4(15000)).watching(path))
        .wasAnsweredBy("demo-app")
        .wasTakenByEnvoyItself()
        .calledFrom("127.0.0.1");
  }

  @Test
  @Order(2)
  void theApplicationIsNotReachedPastEnvoy() {
    assertThatThrownBy(
            () -> HttpConnection.get(client, host.ipv4(5000), "/", Duration.ofSeconds(5)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused");
  }

  @Test
  @Order(3)
  void noRuleIsSet() {
    assertThat(path.rules()).isEqualTo(rulesBefore);
  }

  @Test
  @Order(4)
  void aChangedServicePortLosesNoRequestUnderLoad() {
    try (Load load = Load.start(client, host.ipv4(15000), 8)) {
      load.more(200);
      for (int round = 0; round < 5; round++) {
        for (int port : new int[] {5001, 5000}) {
          fleet.put("demo-app", Dataplanes.explicit("demo-app", host, port));
          fleet.awaitInSync("demo-app");
          load.more(100);
        }
      }
      assertThat(load.failures()).as("failed requests").isEmpty();
      assertThat(load.answeredBy("demo-app")).as("answers of the first port").isPositive();
      assertThat(load.answeredBy("next")).as("answers of the second port").isPositive();
    }
  }

  @Test
  @Order(5)
  void aDeletedDataplaneIsServedNoMore() {
    assertThat(world.operator().delete(Dataplanes.PATH + "/demo-app").statusCode()).isEqualTo(200);

    Awaitility.await("Envoy has stopped")
        .atMost(Duration.ofSeconds(30))
        .until(() -> path.listening(15000).isEmpty());
    assertThat(path.rules()).isEqualTo(rulesBefore);
  }
}
