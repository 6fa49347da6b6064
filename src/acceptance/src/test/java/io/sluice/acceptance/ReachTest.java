package io.sluice.acceptance;

import static io.sluice.acceptance.Exchange.request;
import static io.sluice.acceptance.ExchangeAssert.assertThat;
import static io.sluice.acceptance.process.Direction.OUTBOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.Curl;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.DnsQuestion;
import io.sluice.acceptance.traffic.IpText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Where a host may go in a mesh that closes what it does not know: by name, to dataplanes' own
 * addresses, as a gateway, and nowhere else.
 */
@ExtendWith(SharedWorld.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReachTest {

  private static final String MESH = "closed";
  private static final int ORDERS = 5000;
  private static final int ORDERS_SIX = 5001;
  private static final int STOCK = 5002;
  private static final int EDGE = 8080;

  private static final String CALLER =
      """
        inbound:
        - port: 7000
          tags: {kuma.io/service: caller}
      """;

  private static final String GATEWAY =
      """
        gateway:
          tags: {kuma.io/service: edge}
      """;

  private final Fleet fleet;
  private final Curl curl;
  private final Host caller;
  private final Host orders;
  private final Host gateway;
  private final Host outsider;
  private final DataPath path;
  private final List<AgentProcess> agents = new ArrayList<>();

  ReachTest(World world) throws IOException {
    fleet = new Fleet(world.operator(), MESH);
    curl = new Curl(world.folder());
    caller = world.host("reach-caller");
    orders = world.host("reach-orders");
    gateway = world.host("reach-gateway");
    outsider = world.host("reach-outsider");
    world.application("orders", orders, "::", ORDERS);
    world.application("orders-six", orders, "::", ORDERS_SIX);
    world.application("stock", orders, "::", STOCK);
    world.application("edge", gateway, "::", EDGE);
    world.application("outsider", outsider, "::", 80);
    mesh(false);
    fleet.put(caller.name(), captured(caller, caller.ipv4().getHostAddress(), CALLER));
    // Its address is a name, which the control plane resolves.
    fleet.put(orders.name(), captured(orders, orders.dnsName(), offers(orders)));
    fleet.put(gateway.name(), captured(gateway, gateway.ipv4().getHostAddress(), GATEWAY));
    path = start(world, caller).dataPath();
    start(world, orders);
    start(world, gateway);
    for (Host host : List.of(caller, orders, gateway)) {
      fleet.awaitInSync(host.name());
    }
    awaitName(caller);
    awaitName(gateway);
  }

  private AgentProcess start(World world, Host host) {
    AgentProcess agent =
        world.agentIn(MESH, host, host.name(), "--resolv-conf=" + curl.resolvConf());
    agents.add(agent);
    return agent;
  }

  @AfterAll
  void remove() {
    for (AgentProcess agent : agents) {
      agent.stop();
      agent.uninstall();
    }
  }

  @Test
  void namesAreReachedAlsoOnAHostWhoseAddressIsAName() {
    assertThat(curl.answering(caller, "http://orders.mesh/", 3)).containsExactly("orders");
    assertThat(curl.answering(caller, "http://stock.mesh/", 3, "-6")).containsExactly("stock");
  }

  @Test
  void directAccessLeadsToTheVeryAddressThatIsDialled() throws IOException {
    LongSupplier direct = () -> path.stat("cluster\\.direct_access\\.upstream_cx_total");
    long before = direct.getAsLong();

    for (InetSocketAddress to : List.of(orders.ipv4(ORDERS), orders.ipv6(ORDERS_SIX))) {
      Exchange exchange = request(caller, to).watching(path);
      assertThat(exchange).wasAnsweredBy(to.getPort() == ORDERS ? "orders" : "orders-six");
      assertThat(exchange.redirected()).containsEntry(OUTBOUND, 1L);
    }
    assertThat(direct.getAsLong() - before).as("connections by direct access").isEqualTo(2);
  }

  @Test
  void anAddressOfAServiceThatIsNotAskedForIsClosed() {
    assertThatThrownBy(() -> request(caller, orders.ipv4(STOCK)).watching(path))
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatIsUnknownIsClosedVisiblyAndOpenAsSoonAsTheMeshSaysSo() throws Exception {
    InetSocketAddress unknown = outsider.ipv4(80);
    assertThatThrownBy(() -> request(caller, unknown).watching(path))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> request(caller, outsider.ipv6(80)).watching(path))
        .isInstanceOf(IOException.class);
    Awaitility.await("a line in Envoy's log")
        .untilAsserted(
            () ->
                assertThat(envoyLog())
                    .contains("-> " + unknown.getAddress().getHostAddress() + ":80: it is no"));
    assertThat(trace(unknown)).contains("networking.outbound.passthrough: false");

    mesh(true);
    try {
      fleet.awaitInSync(caller.name());
      assertThat(request(caller, unknown).watching(path))
          .wasAnsweredBy("outsider")
          .wasCapturedOnce(OUTBOUND);
      assertThat(trace(unknown)).doesNotContain("passthrough: false");
    } finally {
      mesh(false);
    }
    fleet.awaitInSync(caller.name());
    assertThatThrownBy(() -> request(caller, unknown).watching(path))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aDelegatedGatewayReachesServicesByNameAndHasNone() throws IOException {
    assertThat(curl.answering(gateway, "http://orders.mesh/", 3)).containsExactly("orders");

    assertThat(ask(caller, "edge.mesh").code()).as("no such name").isEqualTo(3);
    assertThat(request(outsider, gateway.ipv4(EDGE)).watching(path))
        .as("what the gateway is there for")
        .wasAnsweredBy("edge")
        .wasNotCaptured();
  }

  private void mesh(boolean passthrough) {
    fleet.apply(
        "/meshes/" + MESH,
        """
        type: Mesh
        name: %s
        networking:
          outbound:
            passthrough: %s
        """
            .formatted(MESH, passthrough));
  }

  private static String captured(Host host, String address, String offers) {
    return """
        type: Dataplane
        mesh: %s
        name: %s
        networking:
          address: "%s"
        %s\
          transparentProxying:
            redirectPortInbound: 15006
            redirectPortOutbound: 15001
            directAccessServices: [orders, orders-six]
        """
        .formatted(MESH, host.name(), address, offers);
  }

  private static String offers(Host host) {
    return """
          inbound:
          - port: 5000
            tags: {kuma.io/service: orders, kuma.io/protocol: http}
          - port: 5001
            address: "%s"
            tags: {kuma.io/service: orders-six, kuma.io/protocol: http}
          - port: 5002
            tags: {kuma.io/service: stock, kuma.io/protocol: http}
        """
        .formatted(IpText.of(host.ipv6()));
  }

  private String trace(InetSocketAddress to) {
    return fleet
        .trace(
            caller.name(),
            "{direction: outbound, destination: %s, port: %d}"
                .formatted(to.getAddress().getHostAddress(), to.getPort()))
        .path("summary")
        .asString("");
  }

  private String envoyLog() throws IOException {
    Path log = path.state().resolve("envoy.log");
    return Files.readString(log);
  }

  private static DnsQuestion.Answer ask(Host from, String name) throws IOException {
    return DnsQuestion.ask(
        from,
        new InetSocketAddress(InetAddress.ofLiteral(Curl.NAME_SERVER), 53),
        name,
        DnsQuestion.RecordType.A,
        DnsQuestion.Transport.UDP);
  }

  private static void awaitName(Host host) {
    Awaitility.await("orders.mesh on " + host)
        .untilAsserted(() -> assertThat(ask(host, "orders.mesh").addresses()).hasSize(1));
  }
}
