package io.sluice.rendering.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.BundleRenderer;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Sight;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.host.HostFacts.Backend;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InterruptionsTest {

  private static final String EXPLICIT =
      """
      type: Dataplane
      mesh: default
      name: app
      networking:
        address: 10.0.0.1
        inbound:
        - port: 15000
          servicePort: 5000
          serviceAddress: 127.0.0.1
          tags: {kuma.io/service: app, kuma.io/protocol: http}
        - port: 15100
          servicePort: 5100
          serviceAddress: 127.0.0.1
          tags: {kuma.io/service: other}
      """;

  private static final String TRANSPARENT =
      """
      type: Dataplane
      mesh: default
      name: app
      networking:
        address: 10.0.0.1
        inbound:
        - port: 5000
          tags: {kuma.io/service: app, kuma.io/protocol: http}
        - port: 8080
          servicePort: 8081
          tags: {kuma.io/service: other}
        transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}
      """;

  private static final String POLICY =
      """
      type: MeshTransparentProxy
      mesh: default
      name: all
      spec:
        default:
      """;

  private static final String MESH = "type: Mesh\nname: default\n";
  private static final String CLOSED_MESH = MESH + "networking: {outbound: {passthrough: false}}\n";

  /** What is compared: documents, and the ports of sshd where the host has reported them. */
  record Host(String dataplane, String policy, String mesh, Optional<List<Integer>> sshd) {

    static Host of(String dataplane) {
      return new Host(dataplane, "", MESH, Optional.empty());
    }

    Host policy(String conf) {
      return new Host(dataplane, POLICY + "    " + conf + "\n", mesh, sshd);
    }

    Host mesh(String other) {
      return new Host(dataplane, policy, other, sshd);
    }

    Host sshd(Integer... ports) {
      return new Host(dataplane, policy, mesh, Optional.of(List.of(ports)));
    }

    Host replacing(String text, String by) {
      assertThat(dataplane).contains(text);
      return new Host(dataplane.replace(text, by), policy, mesh, sshd);
    }
  }

  private static final Host BOUND = Host.of(EXPLICIT);
  private static final Host CAPTURED = Host.of(TRANSPARENT);
  private static final String SECOND_INBOUND =
      EXPLICIT.substring(EXPLICIT.indexOf("  - port: 15100"));
  private static final String SECOND_CAPTURED_INBOUND =
      TRANSPARENT.substring(
          TRANSPARENT.indexOf("  - port: 8080"), TRANSPARENT.indexOf("  transparentProxying"));

  static Stream<Arguments> changes() {
    return Stream.of(
        change("nothing", BOUND, BOUND),
        change(
            "another workload", BOUND, BOUND.replacing("servicePort: 5000", "servicePort: 5001")),
        change("another service", BOUND, BOUND.replacing("service: other", "service: another")),
        change(
            "a bound inbound goes",
            BOUND,
            BOUND.replacing(SECOND_INBOUND, ""),
            "Dataplane app, networking.inbound[1]: Envoy stops listening on 10.0.0.1:15100: new"
                + " connections are refused, open ones are drained within 30 s"),
        change(
            "a captured inbound goes",
            CAPTURED,
            CAPTURED.replacing(SECOND_CAPTURED_INBOUND, ""),
            "Dataplane app, networking.inbound[1]: connections to 10.0.0.1:8080 have no inbound any"
                + " more: new ones pass to whatever listens there, open ones are drained within"
                + " 30 s"),
        change(
            "another protocol",
            BOUND,
            BOUND.replacing("protocol: http", "protocol: tcp"),
            "Dataplane app, networking.inbound[0].tags[\"kuma.io/protocol\"]: the listener on"
                + " 10.0.0.1:15000 is replaced: connections through it are drained within 30 s"),
        change(
            "the host's address",
            BOUND.replacing(SECOND_INBOUND, ""),
            BOUND.replacing(SECOND_INBOUND, "").replacing("10.0.0.1", "10.0.0.2"),
            "Dataplane app, networking.inbound[0]: Envoy stops listening on 10.0.0.1:15000: new"
                + " connections are refused, open ones are drained within 30 s"),
        change(
            "the inbound redirect port",
            CAPTURED,
            CAPTURED.replacing("15006", "15106"),
            "Dataplane app, networking.transparentProxying.redirectPortInbound: captured inbound"
                + " connections go to port 15106 instead of 15006: those of now without an inbound"
                + " of their own are drained within 30 s"),
        change(
            "IPv4 only",
            CAPTURED,
            CAPTURED.policy("ipFamilyMode: ipv4"),
            "MeshTransparentProxy all, ipFamilyMode: IPv6 is captured no more: new connections pass"
                + " by Envoy, captured ones without an inbound or outbound of their own are drained"
                + " within 30 s"),
        change(
            "another proxy user",
            CAPTURED,
            CAPTURED.policy("proxyUser: envoy"),
            "MeshTransparentProxy all, proxyUser: Envoy runs as envoy instead of sluice-proxy when"
                + " it starts next; a host without that user, or where its primary group is not"
                + " sluice, rejects the bundle"),
        change(
            "transparent to explicit",
            CAPTURED.replacing("- port: 5000", "- port: 5000\n    serviceAddress: 127.0.0.1"),
            CAPTURED
                .replacing("- port: 5000", "- port: 5000\n    serviceAddress: 127.0.0.1")
                .policy("mode: none"),
            "MeshTransparentProxy all, mode: the host becomes explicit: its traffic is captured no"
                + " more, and clients reach Envoy only where it binds listeners; connections through"
                + " the listeners of now are drained within 30 s"),
        change(
            "explicit to transparent",
            BOUND.replacing(SECOND_INBOUND, ""),
            BOUND.replacing(SECOND_INBOUND, "").policy("mode: iptables"),
            "MeshTransparentProxy all, mode: the host becomes transparent: its traffic is captured,"
                + " and Envoy binds the inbounds' listeners no more; connections through the"
                + " listeners of now are drained within 30 s",
            "default, onProxyFailure: captured connections are refused whenever Envoy does not"
                + " listen (closed)"),
        change(
            "22 is no protected port, sshd is not known",
            CAPTURED,
            CAPTURED.policy("redirect: {inbound: {protectedPorts: []}}"),
            "MeshTransparentProxy all, redirect.inbound.protectedPorts: new SSH connections to port"
                + " 22 go through Envoy and are refused while it does not listen, unless the host"
                + " reports that its sshd listens there"),
        change(
            "22 is no protected port but excluded",
            CAPTURED,
            CAPTURED.policy("redirect: {inbound: {protectedPorts: [], excludePorts: [22]}}")),
        change(
            "22 is no protected port, sshd is elsewhere",
            CAPTURED.sshd(2222),
            CAPTURED.sshd(2222).policy("redirect: {inbound: {protectedPorts: []}}")),
        change(
            "22 is no protected port, sshd is there",
            CAPTURED.sshd(22),
            CAPTURED.sshd(22).policy("redirect: {inbound: {protectedPorts: [1000]}}"),
            "MeshTransparentProxy all, redirect.inbound.protectedPorts: nothing but the host's own"
                + " report that sshd listens on port 22 keeps new SSH connections from being"
                + " captured"),
        change(
            "an included port without an inbound",
            CAPTURED,
            CAPTURED.policy("redirect: {inbound: {includePorts: [5000, 8080, 9000-9010]}}"),
            "MeshTransparentProxy all, redirect.inbound.includePorts: no inbound is on 9000-9010:"
                + " captured connections pass to whatever listens there, if anything does"),
        change(
            "an excluded inbound whose workload is elsewhere",
            CAPTURED,
            CAPTURED.policy("redirect: {inbound: {excludePorts: [5000, 8080]}}"),
            "Dataplane app, networking.inbound[1].port: connections to 10.0.0.1:8080 are not"
                + " captured, so they do not reach the workload on 10.0.0.1:8081"),
        change(
            "an outbound whose service nobody offers",
            BOUND,
            BOUND.replacing(
                SECOND_INBOUND,
                SECOND_INBOUND + "  outbound: [{port: 7000, tags: {kuma.io/service: backend}}]\n"),
            "Dataplane app, networking.outbound[0]: connections to 127.0.0.1:7000 end at once: no"
                + " endpoint of backend is known"),
        change(
            "a mesh without passthrough",
            CAPTURED,
            CAPTURED.mesh(CLOSED_MESH),
            "Mesh default, networking.outbound.passthrough: the listeners of all outbound"
                + " connections without an outbound of their own are replaced: those connections"
                + " are drained within 30 s",
            "Mesh default, networking.outbound.passthrough: connections from the host to any"
                + " destination without an outbound are refused, databases and package mirrors"
                + " included"),
        change("a mesh without passthrough, an explicit host", BOUND, BOUND.mesh(CLOSED_MESH)),
        change(
            "invalid packets",
            CAPTURED,
            CAPTURED.policy("dropInvalidPackets: true"),
            "MeshTransparentProxy all, dropInvalidPackets: established connections that conntrack"
                + " does not know end where net.netfilter.nf_conntrack_tcp_loose is 0"),
        change(
            "a port with /ready goes",
            BOUND.replacing("10.0.0.1", "10.0.0.1\n  admin: {port: 9902}"),
            BOUND,
            "Dataplane app, networking.admin.port: nothing answers /ready on 10.0.0.1:9902 any"
                + " more"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void eachChangeTellsWhatItCuts(String name, Host before, Host after, List<String> told) {
    assertThat(told(Optional.of(before), Optional.of(after))).as(name).isEqualTo(told);
  }

  @Test
  void aFirstTransparentBundleTellsWhatHappensWithoutEnvoy() {
    assertThat(told(Optional.empty(), Optional.of(CAPTURED)))
        .containsExactly(
            "default, onProxyFailure: captured connections are refused whenever Envoy does not"
                + " listen (closed)");
  }

  @Test
  void aFirstTransparentBundleThatStaysOpenTellsNothing() {
    assertThat(told(Optional.empty(), Optional.of(CAPTURED.policy("onProxyFailure: open"))))
        .isEmpty();
  }

  @Test
  void aDeletionEndsWhatGoesThroughEnvoy() {
    assertThat(told(Optional.of(CAPTURED), Optional.empty()))
        .containsExactly(
            "Dataplane app, : the host's traffic is captured no more, and Envoy is stopped:"
                + " connections through it end within 30 s");
  }

  private static Arguments change(String name, Host before, Host after, String... told) {
    return Arguments.of(name, before, after, List.of(told));
  }

  private static List<String> told(Optional<Host> before, Optional<Host> after) {
    return Interruptions.between(
            before.map(InterruptionsTest::rendered), after.map(InterruptionsTest::rendered))
        .stream()
        .map(each -> each.origin() + ", " + each.field() + ": " + each.consequence())
        .toList();
  }

  private static RenderedHost rendered(Host host) {
    Mesh mesh = (Mesh) resource(host.mesh());
    Dataplane dataplane = (Dataplane) resource(host.dataplane());
    List<MeshTransparentProxy> policies =
        host.policy().isEmpty()
            ? List.of()
            : List.of((MeshTransparentProxy) resource(host.policy()));
    Optional<HostFacts> facts = host.sshd().map(InterruptionsTest::facts);
    return new RenderedHost(
        mesh,
        dataplane,
        EffectiveTransparentProxy.of(policies, dataplane),
        facts,
        new BundleRenderer()
            .render(mesh, dataplane, policies, facts, Sight.of(Catalogue.empty(), dataplane)));
  }

  private static HostFacts facts(List<Integer> sshd) {
    return new HostFacts(
        "default",
        "app",
        Backend.NF_TABLES,
        List.of(Backend.NF_TABLES),
        true,
        sshd,
        List.of(IpAddress.parse("10.0.0.53").orElseThrow()),
        "dnsmasq 2.90",
        List.of("eth0", "lo"),
        List.of(),
        List.of(),
        0);
  }

  private static Object resource(String yaml) {
    return ResourceReader.read(
            DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML))
        .resource();
  }
}
