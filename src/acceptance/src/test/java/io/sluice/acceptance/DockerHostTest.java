package io.sluice.acceptance;

import static io.sluice.acceptance.Exchange.request;
import static io.sluice.acceptance.ExchangeAssert.assertThat;
import static io.sluice.acceptance.process.Direction.OUTBOUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.Curl;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.process.DockerEngine;
import io.sluice.acceptance.topology.Host;
import java.io.IOException;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A host on which the real Docker has its rules, for containers that publish ports and call out.
 */
@Tag("docker")
@ExtendWith(SharedWorld.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DockerHostTest {

  private static final String NAME = "docker";

  private final Fleet fleet;
  private final Curl curl;
  private final Host client;
  private final Host host;
  private final Host upstream;
  private final DockerEngine engine;
  private final Host container;
  private final String before;
  private final AgentProcess agent;
  private final DataPath path;

  DockerHostTest(World world) throws IOException {
    fleet = new Fleet(world.operator());
    curl = new Curl(world.folder());
    client = world.host("docker-client");
    host = world.host(NAME);
    upstream = world.host("docker-upstream");
    world.application("upstream", upstream, "::", 80);
    world.application("front-end", host, "::", 5000);
    engine = world.docker(host);
    container = engine.container("container", "8080:80");
    world.application("in-the-container", container, "::", 80);
    path = new DataPath(host, world.folder().resolve("state-" + NAME));
    before = path.rules();
    fleet.put(NAME, Dataplanes.transparent(NAME, host, 5000));
    fleet.putPolicy(
        NAME,
        Policies.forOne(
            NAME,
            """
            redirect:
              vnet:
                networks: ["docker0:%s", "docker0:%s"]
            """
                .formatted(DockerEngine.NETWORK, DockerEngine.NETWORK6)));
    agent = world.agent(host, NAME, "--resolv-conf=" + curl.resolvConf());
    fleet.awaitInSync(NAME);
  }

  @AfterAll
  void remove() {
    fleet.deletePolicy(NAME);
    engine.close();
  }

  @Test
  @Order(1)
  void dockersRulesStandUntouchedAndInTheirOrder() {
    assertThat(before).contains("-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER");
    assertThat(foreign(path.rules())).isEqualTo(foreign(before));
    assertThat(fleet.facts(NAME).toString()).contains("docker");
  }

  @Test
  @Order(2)
  void aPublishedPortLeadsToItsContainerPastEnvoy() throws IOException {
    assertThat(request(client, host.ipv4(8080)).watching(path))
        .wasAnsweredBy("in-the-container")
        .wasNotCaptured()
        .calledFrom(client.ipv4().getHostAddress());
  }

  @Test
  @Order(3)
  void aContainersConnectionsAreCapturedAsOutbound() throws IOException {
    assertThat(request(container, upstream.ipv4(80)).watching(path))
        .wasAnsweredBy("upstream")
        .wasCapturedOnce(OUTBOUND)
        .calledFrom(host.ipv4().getHostAddress());
    assertThat(request(container, upstream.ipv6(80)).watching(path))
        .wasAnsweredBy("upstream")
        .wasCapturedOnce(OUTBOUND);
  }

  @Test
  @Order(3)
  void aContainerCallsAServiceByItsName() {
    String url = "http://" + NAME + ".mesh/";
    Awaitility.await(url)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(curl.answering(container, url, 2)).containsExactly("front-end"));
    assertThat(curl.answering(container, url, 2, "-6")).containsExactly("front-end");
  }

  @Test
  @Order(4)
  void theHostsOwnConnectionsAreCapturedBesideThem() throws IOException {
    assertThat(request(host, upstream.ipv4(80)).watching(path))
        .wasAnsweredBy("upstream")
        .wasCapturedOnce(OUTBOUND);
  }

  @Test
  @Order(5)
  void withoutTheNetworkAContainersConnectionsPassByDockersRulesAlone() throws IOException {
    fleet.putPolicy(NAME, Policies.forOne(NAME, "redirect: {vnet: {networks: []}}"));
    fleet.awaitInSync(NAME);

    assertThat(request(container, upstream.ipv4(80)).watching(path))
        .wasAnsweredBy("upstream")
        .wasNotCaptured()
        .calledFrom(host.ipv4().getHostAddress());
  }

  @Test
  @Order(6)
  void uninstallLeavesDockersRulesAsTheyWere() {
    agent.stop();
    agent.uninstall();

    assertThat(path.rules()).isEqualTo(before);
  }

  /** The rules of all tables without ours. */
  private static String foreign(String rules) {
    return rules
        .lines()
        .filter(line -> line.startsWith("-A") && !line.contains("SLUICE"))
        .collect(Collectors.joining("\n"));
  }
}
