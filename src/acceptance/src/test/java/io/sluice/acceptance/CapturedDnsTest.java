package io.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.NameServer;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.DnsQuestion;
import io.sluice.acceptance.traffic.DnsQuestion.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * A host's questions go to its resolver, which asks the host's own server, whichever server they
 * are sent to.
 */
@ExtendWith(SharedWorld.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CapturedDnsTest {

  private static final String NAME = "asking";

  /** What the host's own server says of every name, and what another one does. */
  private static final String OWN = "192.0.2.1";

  private static final String ANOTHER = "192.0.2.2";

  private final Fleet fleet;
  private final Host host;
  private final Host another;
  private final AgentProcess agent;
  private final List<NameServer> servers;

  CapturedDnsTest(World world) throws IOException {
    fleet = new Fleet(world.operator());
    host = world.host(NAME);
    another = world.host("asking-another");
    Host own = world.host("asking-own");
    servers =
        List.of(
            NameServer.start(own, OWN, world.folder()),
            NameServer.start(another, ANOTHER, world.folder()));
    Path resolvConf = world.folder().resolve("resolv.conf-" + NAME);
    Files.writeString(resolvConf, "nameserver " + own.ipv4().getHostAddress() + "\n");
    fleet.put(NAME, Dataplanes.transparent(NAME, host, 5000));
    agent = world.agent(host, NAME, "--resolv-conf=" + resolvConf);
    fleet.awaitInSync(NAME);
  }

  @AfterAll
  void remove() {
    agent.stop();
    agent.uninstall();
    servers.forEach(NameServer::close);
  }

  @ParameterizedTest
  @EnumSource
  @Order(1)
  void aQuestionToAnotherServerIsAnsweredByTheHostsOwn(Transport how) throws IOException {
    assertThat(ask(another.ipv4(53), how)).containsExactly(OWN);
    assertThat(ask(another.ipv6(53), how)).containsExactly(OWN);
  }

  @Test
  @Order(2)
  void theFactsNameTheResolverAndATraceLeadsToIt() {
    assertThat(fleet.facts(NAME).toString()).contains("dnsmasq");
    JsonNode traced =
        fleet.trace(
            NAME,
            "{direction: outbound, protocol: udp, destination: %s, port: 53, user: a, group: a}"
                .formatted(another.ipv4().getHostAddress()));
    assertThat(traced.at("/verdict/to").asString()).as("%s", traced).isEqualTo("dns");
  }

  @Test
  @Order(3)
  void namesAreResolvedWithoutTheAgent() throws IOException {
    agent.kill();

    assertThat(ask(another.ipv4(53), Transport.UDP)).containsExactly(OWN);

    agent.restart();
    fleet.awaitInSync(NAME);
    assertThat(ask(another.ipv4(53), Transport.UDP)).containsExactly(OWN);
  }

  @Test
  @Order(4)
  void withoutCaptureTheServerThatIsAskedAnswers() throws IOException {
    fleet.putPolicy(NAME, Policies.forOne(NAME, "redirect: {dns: {enabled: false}}"));
    fleet.awaitInSync(NAME);
    assertThat(ask(another.ipv4(53), Transport.UDP)).containsExactly(ANOTHER);
    assertThat(ask(another.ipv4(53), Transport.TCP)).containsExactly(ANOTHER);

    fleet.deletePolicy(NAME);
    fleet.awaitInSync(NAME);
    Awaitility.await("captured again")
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(ask(another.ipv4(53), Transport.UDP)).containsExactly(OWN));
  }

  private List<String> ask(InetSocketAddress server, Transport how) throws IOException {
    return DnsQuestion.ask(host, server, "name.example", how);
  }
}
