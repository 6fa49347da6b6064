package io.sluice.rendering.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Sight;
import io.sluice.rendering.trace.EnvoyPath.Way;
import io.sluice.rendering.trace.Verdict.Redirection;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.host.InterfaceAddress;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PacketTracerTest {

  private static final Mesh MESH = (Mesh) resource("{type: Mesh, name: default}");

  private static final Dataplane WEB =
      dataplane(
          """
          networking:
            address: 10.0.0.5
            inbound:
            - port: 5000
              tags: {kuma.io/service: web}
            - port: 6000
              servicePort: 6001
              serviceAddress: 127.0.0.1
              tags: {kuma.io/service: api, kuma.io/protocol: http}
            transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}
          """);

  private static final HostFacts FACTS =
      new HostFacts(
          "default",
          "web-01",
          HostFacts.Backend.NF_TABLES,
          List.of(),
          true,
          List.of(2222),
          List.of(IpAddress.parse("10.0.0.1").orElseThrow()),
          "dnsmasq 2.90",
          List.of("docker0", "eth0", "lo"),
          List.of(InterfaceAddress.parse("10.0.0.5/24").orElseThrow()),
          List.of(),
          0);

  @Test
  void aCallFromOutsideGoesThroughTheInboundToTheApplication() {
    Trace trace =
        trace("{direction: inbound, source: 10.0.0.9, destination: 10.0.0.5, port: 5000}");

    assertThat(trace.verdict()).isEqualTo(new Verdict.Redirected(Redirection.INBOUND, 15006));
    assertThat(trace.because()).isEqualTo("all other inbound connections");
    EnvoyPath path = trace.envoy().orElseThrow();
    assertThat(path.listener().name()).isEqualTo("inbound:10.0.0.5:5000");
    assertThat(path.listener().catchAll()).contains("inbound:passthrough:ipv4");
    assertThat(path.ways())
        .containsExactly(
            new Way.ToCluster(
                Optional.empty(),
                "inbound:10.0.0.5:5000",
                "EDS",
                List.of("10.0.0.5:5000"),
                Optional.of("127.0.0.6")));
  }

  @Test
  void theConnectionThatEnvoyOpensToTheApplicationIsNotCapturedAgain() {
    Trace next =
        trace("{direction: inbound, destination: 10.0.0.5, port: 5000}").next().orElseThrow();

    assertThat(next.packet().owner()).isEqualTo(new Owner("sluice-proxy", null, "sluice", null));
    assertThat(next.verdict()).isEqualTo(new Verdict.Untouched());
    assertThat(next.because()).isEqualTo("Envoy dials the application beside it from this address");
    assertThat(next.envoy()).isEmpty();
  }

  @Test
  void httpGoesByRoutes() {
    EnvoyPath path =
        trace("{direction: inbound, destination: 10.0.0.5, port: 6000}").envoy().orElseThrow();

    assertThat(path.ways())
        .containsExactly(
            new Way.ToCluster(
                Optional.of("/*"),
                "inbound:10.0.0.5:6000",
                "EDS",
                List.of("127.0.0.1:6001"),
                Optional.empty()));
  }

  @Test
  void aPortThatIsNoInboundPassesThroughEnvoyToWhereItWanted() {
    EnvoyPath path =
        trace("{direction: inbound, destination: 10.0.0.5, port: 7000}").envoy().orElseThrow();

    assertThat(path.listener().name()).isEqualTo("inbound:passthrough:ipv4");
    assertThat(path.filterChain().name()).isEqualTo("otherwise");
    assertThat(path.ways())
        .containsExactly(
            new Way.ToCluster(
                Optional.empty(),
                "inbound:passthrough:ipv4",
                "ORIGINAL_DST",
                List.of("10.0.0.5:7000"),
                Optional.of("127.0.0.6")));
  }

  @Test
  void whoDialsThePortOfACatchAllGetsNowhere() {
    EnvoyPath path =
        trace("{direction: inbound, destination: 10.0.0.5, port: 15001}").envoy().orElseThrow();

    assertThat(path.filterChain().name()).isEqualTo("direct-dial-15001");
    assertThat(path.ways().getFirst())
        .isInstanceOfSatisfying(
            Way.ToCluster.class,
            way -> {
              assertThat(way.cluster()).isEqualTo("sluice:blackhole");
              assertThat(way.endpoints()).isEmpty();
            });
  }

  @Test
  void aConnectionToAVirtualAddressLeadsToTheEndpointsOfItsService() {
    Catalogue catalogue =
        Catalogue.empty()
            .with(offering("backend-01", "10.0.1.1"))
            .with(offering("backend-02", "10.0.1.2"))
            .with(
                new VirtualAddress(
                    "default",
                    "backend.mesh",
                    IpAddress.parse("240.0.0.7").orElseThrow(),
                    IpAddress.parse("fd00::7").orElseThrow(),
                    null));

    EnvoyPath path =
        new PacketTracer(MESH, WEB, List.of(), Optional.of(FACTS), Sight.of(catalogue, WEB))
            .trace(
                packet(
                    "{direction: outbound, destination: 240.0.0.7, port: 80, uid: 1000, gid: 1000}"))
            .envoy()
            .orElseThrow();

    assertThat(path.listener().name()).isEqualTo("outbound:240.0.0.7:80");
    assertThat(path.listener().catchAll()).contains("outbound:passthrough:ipv4");
    assertThat(path.ways())
        .containsExactly(
            new Way.ToCluster(
                Optional.of("/*"),
                "backend",
                "EDS",
                List.of("10.0.1.1:8080", "10.0.1.2:8080"),
                Optional.empty()));
  }

  @Test
  void aConnectionThatTheMeshDoesNotLetPassIsSaidToBeRefused() {
    Mesh closed =
        (Mesh)
            resource("{type: Mesh, name: default, networking: {outbound: {passthrough: false}}}");

    Trace trace =
        new PacketTracer(
                closed, WEB, List.of(), Optional.of(FACTS), Sight.of(Catalogue.empty(), WEB))
            .trace(
                packet(
                    "{direction: outbound, destination: 10.9.9.9, port: 80, uid: 1000, gid: 1000}"));

    EnvoyPath path = trace.envoy().orElseThrow();
    assertThat(path.filterChain().name()).isEqualTo("passthrough-off");
    assertThat(path.filterChain().why())
        .startsWith("the Mesh says networking.outbound.passthrough: false");
    assertThat(trace.summary())
        .endsWith(
            "listener outbound:passthrough:ipv4 closes the connection: the Mesh says"
                + " networking.outbound.passthrough: false, and no service that is reached is"
                + " there");
  }

  @Test
  void aProtectedPortIsNotCapturedAndTheResourceBehindItIsNamed() {
    Trace trace =
        trace(
            "{direction: inbound, destination: 10.0.0.5, port: 8443}",
            policy("redirect: {inbound: {protectedPorts: [22, 8443]}}"));

    assertThat(trace.verdict()).isEqualTo(new Verdict.Untouched());
    assertThat(trace.because()).isEqualTo("protected port 8443 is never captured");
    assertThat(trace.cause().orElseThrow().rule().setting())
        .isEqualTo("redirect.inbound.protectedPorts");
    assertThat(trace.cause().orElseThrow().origin()).contains("MeshTransparentProxy vms");
  }

  @Test
  void aProgramsCallIsRedirectedToTheOutboundSide() {
    Trace trace =
        trace("{direction: outbound, destination: 10.0.0.9, port: 80, uid: 1000, gid: 1000}");

    assertThat(trace.verdict()).isEqualTo(new Verdict.Redirected(Redirection.OUTBOUND, 15001));
    assertThat(trace.envoy().orElseThrow().listener().name())
        .isEqualTo("outbound:passthrough:ipv4");
    assertThat(trace.next().orElseThrow().because())
        .isEqualTo("what processes of Sluice send is never captured");
  }

  @Test
  void natDecidesOnceAboutAConnectionOfTheHostToItself() {
    Trace trace =
        trace("{direction: outbound, destination: 10.0.0.5, port: 5000, uid: 1000, gid: 1000}");

    assertThat(trace.verdict()).isEqualTo(new Verdict.Untouched());
    assertThat(trace.because()).isEqualTo("programs of this host among themselves stay direct");
    assertThat(trace.steps().getLast().skipped()).isPresent();
  }

  @Test
  void envoyCallsAServiceOfItsOwnHostThroughTheInboundSide() {
    Trace trace =
        trace("{direction: outbound, destination: 10.0.0.5, port: 5000, user: sluice-proxy}");

    assertThat(trace.verdict()).isEqualTo(new Verdict.Redirected(Redirection.INBOUND, 15006));
    assertThat(trace.envoy().orElseThrow().listener().name()).isEqualTo("inbound:10.0.0.5:5000");
  }

  @Test
  void anEstablishedConnectionsPacketIsLeftWhereItGoes() {
    Trace trace =
        trace("{direction: inbound, destination: 10.0.0.5, port: 5000, state: established}");

    assertThat(trace.verdict()).isEqualTo(new Verdict.Untouched());
    assertThat(trace.because()).startsWith("only a connection's first packet passes through nat");
    assertThat(trace.envoy()).isEmpty();
  }

  @Test
  void aPacketFromTheMiddleOfAConnectionIsNotCaptured() {
    Trace trace = trace("{direction: inbound, destination: 10.0.0.5, port: 5000, syn: false}");

    assertThat(trace.verdict()).isEqualTo(new Verdict.Untouched());
  }

  @Test
  void aPacketOfNoConnectionIsDroppedWhereThatIsSet() {
    Trace trace =
        trace(
            "{direction: inbound, destination: 10.0.0.5, port: 5000, state: invalid}",
            policy("dropInvalidPackets: true"));

    assertThat(trace.verdict()).isEqualTo(new Verdict.Dropped());
    assertThat(trace.cause().orElseThrow().origin()).contains("MeshTransparentProxy vms");
  }

  @Test
  void aQuestionGoesToTheResolver() {
    Trace trace =
        trace(
            "{direction: outbound, protocol: udp, destination: 9.9.9.9, port: 53, uid: 1000, gid: 1000}");

    assertThat(trace.verdict()).isEqualTo(new Verdict.Redirected(Redirection.DNS, 15053));
    assertThat(trace.envoy()).isEmpty();
  }

  @Test
  void whatNobodySaidIsAssumedAndTold() {
    Trace trace =
        new PacketTracer(MESH, WEB, List.of(), Optional.empty(), Sight.of(Catalogue.empty(), WEB))
            .trace(packet("{direction: outbound, destination: 10.0.0.9, port: 80}"));

    assertThat(trace.assumptions())
        .contains(
            "the host does not have the address 10.0.0.9",
            "the process is not of group sluice (say group)",
            "the process is not of user sluice-proxy (say user)");
  }

  @Test
  void namesAndNumbersOfUsersAreNotMixedUp() {
    assertThat(
            trace(
                    "{direction: outbound, destination: 10.0.0.9, port: 80, uid: 5678, gid: 5678}",
                    policy("proxyUser: '5678'"))
                .because())
        .isEqualTo("what Envoy sends is never captured again");
    assertThat(
            trace("{direction: outbound, destination: 10.0.0.9, port: 80, uid: 5678, gid: 5678}")
                .assumptions())
        .contains("uid 5678 is not user sluice-proxy (say user too)");
  }

  @Test
  void anExplicitDataplaneHasBoundListenersAndNoRules() {
    Dataplane explicit =
        dataplane(
            """
            networking:
              address: 10.0.0.5
              inbound:
              - port: 15000
                servicePort: 5000
                serviceAddress: 127.0.0.1
                tags: {kuma.io/service: app}
            """);

    Trace trace =
        new PacketTracer(
                MESH,
                explicit,
                List.of(),
                Optional.of(FACTS),
                Sight.of(Catalogue.empty(), explicit))
            .trace(packet("{direction: inbound, destination: 10.0.0.5, port: 15000}"));

    assertThat(trace.steps()).isEmpty();
    assertThat(trace.because()).isEqualTo("nothing is captured: the dataplane's mode is none");
    assertThat(trace.envoy().orElseThrow().listener().name()).isEqualTo("inbound:10.0.0.5:15000");
    assertThat(trace.assumptions()).isEmpty();
  }

  @Test
  void theTextTellsTheWholeWay() {
    Trace trace =
        trace(
            "{direction: inbound, source: 10.0.0.9, destination: 10.0.0.5, port: 5000, interface: eth0}");

    assertThat(TraceText.of(trace))
        .isEqualTo(
            """
            a new TCP connection arriving by eth0 from 10.0.0.9 for 10.0.0.5:5000
              is redirected to Envoy's inbound port 15006: all other inbound connections [redirect.inbound.enabled: default]
              PREROUTING, table nat
                PREROUTING 1: -p tcp --syn -j SLUICE_INBOUND
                    new connections that arrive at this host [redirect.inbound.enabled: default]
                SLUICE_INBOUND 4: -p tcp -j SLUICE_INBOUND_REDIRECT
                    all other inbound connections [redirect.inbound.enabled: default]
                SLUICE_INBOUND_REDIRECT 1: -p tcp -j REDIRECT --to-ports 15006
                    to the catch-all inbound listener of Envoy [redirect.inbound.port: Dataplane web-01]
              Envoy
                accepted by   inbound:passthrough:ipv4
                listener      inbound:10.0.0.5:5000: it has the original destination 10.0.0.5:5000
                filter chain  there is no other
                cluster       inbound:10.0.0.5:5000, EDS
                endpoint      10.0.0.5:5000
                from          127.0.0.6

            Envoy opens a new TCP connection of user sluice-proxy, group sluice from 127.0.0.6 to 10.0.0.5:5000
              passes untouched: Envoy dials the application beside it from this address
              OUTPUT, table raw
                none of 2 rules matches
              OUTPUT, table nat
                OUTPUT 3: -p tcp --syn -j SLUICE_OUTBOUND
                    new connections that this host opens [redirect.outbound.enabled: default]
                SLUICE_OUTBOUND 2: -s 127.0.0.6/32 -o lo -j RETURN
                    Envoy dials the application beside it from this address
              PREROUTING, table nat
                skipped: OUTPUT has decided about this connection: nat decides once
            """);
  }

  private static Trace trace(String packet, MeshTransparentProxy... policies) {
    return new PacketTracer(
            MESH, WEB, List.of(policies), Optional.of(FACTS), Sight.of(Catalogue.empty(), WEB))
        .trace(packet(packet));
  }

  private static Packet packet(String yaml) {
    return PacketReader.read(
        DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML));
  }

  private static MeshTransparentProxy policy(String conf) {
    return (MeshTransparentProxy)
        resource(
            "{type: MeshTransparentProxy, mesh: default, name: vms, spec: {default: {%s}}}"
                .formatted(conf));
  }

  private static Dataplane dataplane(String rest) {
    return (Dataplane) resource("type: Dataplane\nmesh: default\nname: web-01\n" + rest);
  }

  private static Dataplane offering(String name, String address) {
    return (Dataplane)
        resource(
            """
            type: Dataplane
            mesh: default
            name: %s
            networking:
              address: %s
              inbound:
              - port: 8080
                serviceAddress: 127.0.0.1
                tags: {kuma.io/service: backend, kuma.io/protocol: http}
            """
                .formatted(name, address));
  }

  private static Object resource(String yaml) {
    byte[] text = yaml.getBytes(StandardCharsets.UTF_8);
    return ResourceReader.read(DocumentReader.read(text, Format.YAML)).resource();
  }
}
