package io.sluice.acceptance;

import static io.sluice.acceptance.Exchange.request;
import static io.sluice.acceptance.ExchangeAssert.assertThat;
import static io.sluice.acceptance.process.Direction.INBOUND;
import static io.sluice.acceptance.process.Direction.OUTBOUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.process.Direction;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.Load;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * What a MeshTransparentProxy says is what happens on a host that runs, and what {@code _trace}
 * foretells. No connection is lost by any of the changes.
 */
@ExtendWith(SharedWorld.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedirectOptionsTest {

  private static final String NAME = "options";
  private static final String FOR_ALL = "for-all";
  private static final int EXCLUDED_USER = 61234;
  private static final int OTHER_USER = 61235;

  private final Fleet fleet;
  private final Host client;
  private final Host host;
  private final Host upstream;
  private final Host elsewhere;
  private final AgentProcess agent;
  private final DataPath path;

  RedirectOptionsTest(World world) throws IOException {
    fleet = new Fleet(world.operator());
    client = world.host("options-client");
    host = world.host(NAME);
    upstream = world.host("options-up");
    elsewhere = world.host("options-else");
    world.application(NAME, host, "::", 5000);
    world.application("other", host, "::", 7000);
    world.application("upstream", upstream, "::", 80);
    world.application("upstream", upstream, "::", 81);
    world.application("elsewhere", elsewhere, "::", 80);
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
  @Order(1)
  void excludedPortsAddressesAndUsersPassEnvoyBy() throws IOException {
    change(
        () ->
            fleet.putPolicy(
                FOR_ALL,
                Policies.forAll(
                    FOR_ALL,
                    """
                    redirect:
                      outbound:
                        excludePorts: [81]
                        excludePortsForIPs: ["%s", "%s"]
                        excludePortsForUIDs: ["tcp:80:%d"]
                    """
                        .formatted(
                            elsewhere.ipv4().getHostAddress(),
                            elsewhere.ipv6().getHostAddress(),
                            EXCLUDED_USER))));

    String policy = "MeshTransparentProxy " + FOR_ALL;
    assertPassesEnvoyBy(upstream.ipv4(81), policy);
    assertPassesEnvoyBy(upstream.ipv6(81), policy);
    assertPassesEnvoyBy(elsewhere.ipv4(80), policy);
    assertPassesEnvoyBy(elsewhere.ipv6(80), policy);
    assertIsCaptured(upstream.ipv4(80), "default");
    assertThat(capturedOfUser(EXCLUDED_USER)).isZero();
    assertThat(capturedOfUser(OTHER_USER)).isOne();
  }

  @Test
  @Order(2)
  void aPolicyForTheDataplaneBeatsOneForItsMesh() throws IOException {
    change(
        () ->
            fleet.putPolicy(
                NAME,
                Policies.forOne(
                    NAME,
                    """
                    redirect:
                      outbound: {excludePorts: []}
                      inbound: {includePorts: [5000]}
                    """)));

    assertThat(fleet.origin(NAME, "redirect.outbound.excludePorts"))
        .isEqualTo("MeshTransparentProxy " + NAME);
    assertThat(fleet.origin(NAME, "redirect.outbound.excludePortsForIPs"))
        .isEqualTo("MeshTransparentProxy " + FOR_ALL);
    assertIsCaptured(upstream.ipv4(81), "default");
    assertPassesEnvoyBy(elsewhere.ipv4(80), "MeshTransparentProxy " + FOR_ALL);
  }

  @Test
  @Order(3)
  void onlyTheIncludedInboundPortIsCaptured() throws IOException {
    assertThat(request(client, host.ipv4(5000)).watching(path))
        .wasAnsweredBy(NAME)
        .wasCapturedOnce(INBOUND);
    assertThat(request(client, host.ipv4(7000)).watching(path))
        .wasAnsweredBy("other")
        .wasNotCaptured()
        .calledFrom(client.ipv4().getHostAddress());
    JsonNode included = inbound(5000);
    assertThat(included.at("/verdict/to").asString()).isEqualTo("inbound");
    assertThat(included.at("/verdict/origin").asString()).isEqualTo("MeshTransparentProxy " + NAME);
    assertThat(inbound(7000).at("/verdict/action").asString()).isEqualTo("untouched");
  }

  @Test
  @Order(4)
  void theDefaultsHoldAgainWhenThePoliciesAreDeleted() throws IOException {
    change(
        () -> {
          fleet.deletePolicy(NAME);
          fleet.deletePolicy(FOR_ALL);
        });

    assertIsCaptured(upstream.ipv4(81), "default");
    assertIsCaptured(elsewhere.ipv6(80), "default");
    assertThat(capturedOfUser(EXCLUDED_USER)).isOne();
    assertThat(request(client, host.ipv4(7000)).watching(path))
        .wasAnsweredBy("other")
        .wasCapturedOnce(INBOUND);
  }

  /** Changes something under load in both directions, until the host runs it. */
  private void change(Runnable change) {
    try (Load arriving = Load.start(client, host.ipv4(5000), 2);
        Load leaving = Load.start(host, upstream.ipv4(80), 2)) {
      arriving.more(30);
      leaving.more(30);
      change.run();
      fleet.awaitInSync(NAME);
      arriving.more(30);
      leaving.more(30);
      assertThat(arriving.failures()).as("failed requests to the host").isEmpty();
      assertThat(leaving.failures()).as("failed requests from the host").isEmpty();
    }
  }

  private void assertPassesEnvoyBy(InetSocketAddress to, String origin) throws IOException {
    assertThat(request(host, to).watching(path)).wasNotCaptured();
    JsonNode traced = outbound(to);
    assertThat(traced.at("/verdict/action").asString()).as("%s", traced).isEqualTo("untouched");
    assertThat(traced.at("/verdict/origin").asString()).as("%s", traced).isEqualTo(origin);
  }

  private void assertIsCaptured(InetSocketAddress to, String origin) throws IOException {
    assertThat(request(host, to).watching(path)).wasCapturedOnce(OUTBOUND);
    JsonNode traced = outbound(to);
    assertThat(traced.at("/verdict/to").asString()).as("%s", traced).isEqualTo("outbound");
    assertThat(traced.at("/verdict/origin").asString()).as("%s", traced).isEqualTo(origin);
  }

  private JsonNode outbound(InetSocketAddress to) {
    return fleet.trace(
        NAME,
        "{direction: outbound, destination: \"%s\", port: %d, user: root, group: root}"
            .formatted(to.getAddress().getHostAddress(), to.getPort()));
  }

  private JsonNode inbound(int port) {
    return fleet.trace(
        NAME,
        "{direction: inbound, source: %s, destination: %s, port: %d, interface: eth0}"
            .formatted(client.ipv4().getHostAddress(), host.ipv4().getHostAddress(), port));
  }

  /** How many connections of a request by a user are captured. */
  private long capturedOfUser(int user) {
    long before = path.redirected(Direction.OUTBOUND);
    String program = "--reuid=" + user;
    String url = "http://" + upstream.ipv4().getHostAddress() + "/";
    host.namespace()
        .run("setpriv", program, "--regid=" + user, "--clear-groups", "curl", "-sSf", url);
    return path.redirected(Direction.OUTBOUND) - before;
  }
}
