package io.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.Curl;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.DnsQuestion;
import io.sluice.acceptance.traffic.DnsQuestion.RecordType;
import io.sluice.acceptance.traffic.DnsQuestion.Transport;
import io.sluice.acceptance.traffic.HttpAnswer;
import io.sluice.acceptance.traffic.HttpConnection;
import io.sluice.acceptance.traffic.IpText;
import io.sluice.acceptance.traffic.Load;
import io.sluice.acceptance.traffic.Questions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three services with two endpoints each, which find each other by name; those of {@code orders}
 * have IPv6 addresses. The control plane is this class's own, for its patience is short.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServicesTest {

  /** How long an agent may be silent. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int PORT = 5000;

  private static final int REQUESTS = 20;

  private final World world;
  private final Fleet fleet;
  private final Curl curl;
  private final List<Member> members = new ArrayList<>();
  private final Member web;
  private final Member backend1;
  private final Member backend2;

  ServicesTest() throws IOException {
    world = World.create(0, "--sluice.presence.timeout=" + SILENCE.toSeconds() + "s");
    world.controlPlane().awaitReady();
    fleet = new Fleet(world.operator());
    curl = new Curl(world.folder());
    for (String name :
        List.of("web-1", "web-2", "backend-1", "backend-2", "orders-1", "orders-2")) {
      Host host = world.host(name);
      fleet.put(name, dataplane(host, ""));
      members.add(Member.start(world, host, PORT, curl));
    }
    web = members.get(0);
    backend1 = members.get(2);
    backend2 = members.get(3);
    members.forEach(member -> fleet.awaitInSync(member.name()));
    awaitEndpoints("backend", backend1, backend2);
    awaitEndpoints("orders", members.get(4), members.get(5));
  }

  @AfterAll
  void remove() {
    world.close();
  }

  @Test
  @Order(1)
  void aNameLeadsToAllEndpoints() throws IOException {
    assertThat(answers("http://backend.mesh/")).containsExactlyInAnyOrder("backend-1", "backend-2");
    assertThat(answers("http://backend.mesh/", "-6"))
        .containsExactlyInAnyOrder("backend-1", "backend-2");
    assertThat(answers("http://orders.mesh/")).containsExactlyInAnyOrder("orders-1", "orders-2");
    assertThat(answers("http://web.mesh/"))
        .as("its own")
        .containsExactlyInAnyOrder("web-1", "web-2");
  }

  @ParameterizedTest
  @EnumSource
  @Order(1)
  void theResolverKnowsTheNamesAndNothingElseOfThem(Transport how) throws IOException {
    assertThat(ask("backend.mesh", RecordType.A, how).addresses()).hasSize(1);
    assertThat(ask("backend.mesh", RecordType.AAAA, how).addresses()).hasSize(1);
    for (RecordType type :
        List.of(RecordType.TXT, RecordType.MX, RecordType.SRV, RecordType.HTTPS)) {
      DnsQuestion.Answer answer = ask("backend.mesh", type, how);
      assertThat(answer.code()).as("%s", type).isZero();
      assertThat(answer.records()).as("%s", type).isZero();
    }
    assertThat(ask("nobody.mesh", RecordType.A, how).code()).isEqualTo(3);
    assertThat(ask("nobody.mesh", RecordType.TXT, how).code()).isEqualTo(3);
  }

  @Test
  @Order(1)
  void explicitOutboundsNeedNoRedirection() throws IOException {
    Host desk = world.host("desk");
    fleet.put(
        "desk",
        """
        type: Dataplane
        mesh: default
        name: desk
        networking:
          address: %s
          inbound:
          - port: 15000
            servicePort: 5000
            serviceAddress: 127.0.0.1
            tags: {kuma.io/service: desk}
          outbound:
          - port: 10001
            tags: {kuma.io/service: backend}
          - port: 10002
            tags: {kuma.io/service: backend, version: v2}
          - port: 10003
            tags: {kuma.io/service: nowhere}
        """
            .formatted(desk.ipv4().getHostAddress()));
    AgentProcess agent = world.agent(desk, "desk");
    fleet.awaitInSync("desk");

    assertThat(answers(desk, "http://127.0.0.1:10001/"))
        .containsExactlyInAnyOrder("backend-1", "backend-2");
    assertThat(answers(desk, "http://127.0.0.1:10002/")).containsExactly("backend-2");
    assertThat(agent.dataPath().rules()).doesNotContain("SLUICE");
    agent.stop();
    agent.uninstall();
    world.operator().delete(Dataplanes.PATH + "/desk");
  }

  @Test
  @Order(1)
  void aVirtualOutboundReachesTheVersionThatItNames() throws IOException {
    String versions =
        """
        type: VirtualOutbound
        mesh: default
        name: versions
        selectors:
        - match: {kuma.io/service: "*", version: "*"}
        conf:
          host: "{{.version}}.{{.service}}.mesh"
          port: "8080"
          parameters:
          - name: service
            tagKey: kuma.io/service
          - name: version
        """;
    fleet.apply("/meshes/default/virtual-outbounds/versions", versions);
    awaitName(web, "v2.backend.mesh");

    assertThat(answers("http://v1.backend.mesh:8080/")).containsExactly("backend-1");
    assertThat(answers("http://v2.backend.mesh:8080/")).containsExactly("backend-2");
  }

  @Test
  @Order(1)
  void aHostReachesTheServicesThatItMay() throws IOException {
    Member other = members.get(1);
    fleet.put(other.name(), dataplane(other.host(), "    reachableServices: [orders]\n"));
    fleet.awaitInSync(other.name());

    assertThat(answers(other.host(), "http://orders.mesh/")).hasSize(2);
    assertThat(ask(other, "backend.mesh", RecordType.A, Transport.UDP).code()).isEqualTo(3);
    assertThat(other.endpoints("backend")).isEmpty();
  }

  @Test
  @Order(2)
  void anEndpointWhoseApplicationDiesLeavesAndComesBack() throws IOException {
    backend2.endApplication();
    awaitEndpoints("backend", backend1);
    assertThat(answers("http://backend.mesh/")).containsExactly("backend-1");

    backend2.restartApplication();
    awaitEndpoints("backend", backend1, backend2);
  }

  @Test
  @Order(2)
  void anEndpointWhoseAgentDiesLeavesAndComesBack() throws IOException {
    backend2.agent().kill();
    awaitEndpoints("backend", backend1);
    assertThat(answers("http://backend.mesh/")).containsExactly("backend-1");

    backend2.agent().restart();
    awaitEndpoints("backend", backend1, backend2);
  }

  @Test
  @Order(2)
  void anEndpointWhoseAgentIsStoppedLeavesAtOnce() {
    backend2.agent().stop();
    awaitEndpoints("backend", backend1);

    backend2.agent().restart();
    awaitEndpoints("backend", backend1, backend2);
  }

  @Test
  @Order(2)
  void anEndpointWhoseHostDiesLeavesAndComesBack() throws IOException {
    backend2.die();
    awaitEndpoints("backend", backend1);
    assertThat(answers("http://backend.mesh/")).containsExactly("backend-1");

    backend2.comeBack();
    awaitEndpoints("backend", backend1, backend2);
  }

  @Test
  @Order(2)
  void anEnvoyThatDiesIsBackWithItsEndpoint() throws IOException {
    long died = backend2.path().owner(15006);
    ProcessHandle.of(died).ifPresent(ProcessHandle::destroyForcibly);
    backend2
        .agent()
        .await(
            "another Envoy listens",
            () ->
                !backend2.path().listening(15006).isEmpty()
                    && backend2.path().owner(15006) != died);
    awaitEndpoints("backend", backend1, backend2);
    fleet.awaitInSync(backend2.name());

    assertThat(answers("http://backend.mesh/")).containsExactlyInAnyOrder("backend-1", "backend-2");
  }

  @Test
  @Order(3)
  void nothingIsLostWhileEndpointsAndNamesChange() throws IOException {
    InetSocketAddress backend = virtual("backend.mesh", 80);
    Load load = Load.start(web.host(), backend, 4);
    Questions questions = Questions.start(web.host(), server(), "backend.mesh");
    try (load;
        questions) {
      load.more(50);
      for (int round = 0; round < 5; round++) {
        String notReady =
            dataplane(backend2.host(), "").replace("- port", "- state: NotReady\n    port");
        fleet.put(backend2.name(), notReady);
        fleet.apply("/meshes/default/virtual-outbounds/round", round("r" + round));
        awaitEndpoints("backend", backend1);
        awaitName(web, "r" + round + ".backend.mesh");
        load.more(20);
        fleet.put(backend2.name(), dataplane(backend2.host(), ""));
        awaitEndpoints("backend", backend1, backend2);
        load.more(20);
      }
    }

    System.out.printf(
        "while endpoints and names changed: %d requests, %d failed; %d questions, %d lost%n",
        load.succeeded(), load.failures().size(), questions.answered(), questions.lost().size());
    assertThat(load.failures()).as("failed requests").isEmpty();
    assertThat(questions.lost()).as("lost questions").isEmpty();
    assertThat(virtual("backend.mesh", 80)).as("the address stays").isEqualTo(backend);
  }

  @Test
  @Order(4)
  void nothingExpiresWhileTheControlPlaneIsAway() throws Exception {
    InetSocketAddress backend = virtual("backend.mesh", 80);
    Set<String> before = web.endpoints("backend");
    Load load = Load.start(web.host(), backend, 2);
    try (load) {
      world.controlPlane().kill(); // and its database with it
      Thread.sleep(SILENCE.plusSeconds(2));
      assertThat(ask("backend.mesh", RecordType.A, Transport.UDP).addresses()).hasSize(1);
      world.controlPlane().restart();
      long until = System.nanoTime() + SILENCE.plusSeconds(2).toNanos();
      while (System.nanoTime() < until) {
        assertThat(web.endpoints("backend")).isEqualTo(before);
        Thread.sleep(50);
      }
      members.forEach(member -> fleet.awaitInSync(member.name()));
    }

    assertThat(web.endpoints("backend")).isEqualTo(before);
    assertThat(load.failures()).as("failed requests").isEmpty();
    assertThat(load.succeeded()).isPositive();
  }

  @Test
  @Order(5)
  void aServiceWithoutEndpointsIsAnsweredWith503AtOnce() throws IOException {
    InetSocketAddress backend = virtual("backend.mesh", 80);
    backend1.endApplication();
    backend2.endApplication();
    awaitEndpoints("backend");

    long start = System.nanoTime();
    HttpAnswer answer = HttpConnection.get(web.host(), backend, "/", Duration.ofSeconds(10));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  /** A VirtualOutbound that gives one more name. */
  private static String round(String host) {
    return """
        type: VirtualOutbound
        mesh: default
        name: round
        selectors:
        - match: {kuma.io/service: backend}
        conf:
          host: "%s.{{.service}}.mesh"
          port: "80"
          parameters:
          - name: service
            tagKey: kuma.io/service
        """
        .formatted(host);
  }

  /** A captured host {@code service-N}, whose version is vN. */
  private static String dataplane(Host host, String transparentProxying) {
    int hyphen = host.name().indexOf('-');
    String service = host.name().substring(0, hyphen);
    InetAddress address = service.equals("orders") ? host.ipv6() : host.ipv4();
    return """
        type: Dataplane
        mesh: default
        name: %s
        networking:
          address: "%s"
          inbound:
          - port: %d
            tags: {kuma.io/service: %s, kuma.io/protocol: http, version: v%s}
            serviceProbe: {tcp: {}}
          transparentProxying:
            redirectPortInbound: 15006
            redirectPortOutbound: 15001
        %s"""
        .formatted(
            host.name(),
            IpText.of(address),
            PORT,
            service,
            host.name().substring(hyphen + 1),
            transparentProxying);
  }

  private Set<String> answers(String url, String... options) {
    return answers(web.host(), url, options);
  }

  private Set<String> answers(Host from, String url, String... options) {
    return curl.answering(from, url, REQUESTS, options);
  }

  private DnsQuestion.Answer ask(String name, RecordType type, Transport how) throws IOException {
    return ask(web, name, type, how);
  }

  private static DnsQuestion.Answer ask(Member member, String name, RecordType type, Transport how)
      throws IOException {
    return DnsQuestion.ask(member.host(), server(), name, type, how);
  }

  private static InetSocketAddress server() {
    return new InetSocketAddress(InetAddress.ofLiteral(Curl.NAME_SERVER), 53);
  }

  private InetSocketAddress virtual(String name, int port) throws IOException {
    String address = ask(name, RecordType.A, Transport.UDP).addresses().getFirst();
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  private static void awaitName(Member member, String name) {
    Awaitility.await(name)
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(ask(member, name, RecordType.A, Transport.UDP).addresses()).hasSize(1));
  }

  /** Waits until the first host's Envoy has exactly the endpoints of these members. */
  private void awaitEndpoints(String service, Member... expected) {
    Awaitility.await("endpoints of " + service)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(web.endpoints(service)).isEqualTo(addresses(expected)));
  }

  private static Set<String> addresses(Member... members) {
    Set<String> addresses = new TreeSet<>();
    for (Member member : members) {
      boolean six = member.name().startsWith("orders");
      addresses.add(
          six
              ? "[" + IpText.of(member.host().ipv6()) + "]:" + PORT
              : IpText.of(member.host().ipv4()) + ":" + PORT);
    }
    return addresses;
  }
}
