package io.sluice.rendering.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.rendering.BundleRenderer;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.host.Inside;
import io.sluice.rendering.host.PrivateHost;
import io.sluice.rendering.host.Program;
import io.sluice.rendering.host.RunningEnvoy;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Sight;
import io.sluice.rendering.trace.EnvoyPath.Way;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which listener and cluster a real Envoy takes for captured connections, and what is traced. */
class EnvoyAgreementTest {

  /** Without passthrough: this Envoy is no process of group sluice, and would be captured again. */
  private static final Mesh MESH =
      (Mesh) resource("{type: Mesh, name: default, networking: {outbound: {passthrough: false}}}");

  private static final Dataplane DATAPLANE =
      (Dataplane)
          resource(
              """
              type: Dataplane
              mesh: default
              name: web-01
              networking:
                address: 10.0.0.1
                inbound:
                - port: 5000
                  tags: {kuma.io/service: tcp}
                - address: 10.0.0.2
                  port: 5000
                  tags: {kuma.io/service: http, kuma.io/protocol: http}
                - address: 0.0.0.0
                  port: 7000
                  serviceAddress: 127.0.0.1
                  tags: {kuma.io/service: everywhere}
                - address: fd00::1
                  port: 5000
                  tags: {kuma.io/service: v6}
                transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}
              """);

  private static final List<String> INBOUND =
      List.of(
          "10.0.0.1:5000",
          "10.0.0.2:5000",
          "10.0.0.1:7000",
          "10.0.0.2:7000",
          "10.0.0.1:9999",
          "10.0.0.1:15001",
          "10.0.0.2:15006",
          "[fd00::1]:5000",
          "[fd00::1]:7000",
          "[fd00::1]:15001");

  private static final List<String> OUTBOUND =
      List.of("10.1.0.9:80", "10.1.0.9:7000", "10.1.0.9:15006", "[fd01::9]:5000");

  /** A listener's own count, not that of one of its workers or of the admin API. */
  private static final Pattern LISTENER =
      Pattern.compile("listener\\.(inbound|outbound|sluice)_[a-z0-9_]+\\.downstream_cx_total");

  @TempDir private Path folder;

  @Test
  void envoyTakesConnectionsWithTheListenerAndClusterThatAreTraced() throws Exception {
    Bundle bundle =
        new BundleRenderer()
            .render(
                MESH,
                DATAPLANE,
                List.of(),
                Optional.empty(),
                Sight.of(Catalogue.empty(), DATAPLANE));
    try (PrivateHost host = new PrivateHost(Files.createDirectory(folder.resolve("host")));
        PrivateHost peer = new PrivateHost(Files.createDirectory(folder.resolve("peer")));
        Inside onHost = new Inside(host);
        Inside onPeer = new Inside(peer)) {
      connect(host, peer);
      load(host, bundle);
      try (RunningEnvoy envoy = new RunningEnvoy(host, bundle)) {
        for (String destination : INBOUND) {
          compare(envoy, onPeer, Direction.INBOUND, destination);
        }
        for (String destination : OUTBOUND) {
          compare(envoy, onHost, Direction.OUTBOUND, destination);
        }
      }
    }
  }

  private static void compare(
      RunningEnvoy envoy, Inside from, Direction direction, String destination) {
    Place place = Place.parse(destination).orElseThrow();
    Trace trace =
        new PacketTracer(
                MESH,
                DATAPLANE,
                List.of(),
                Optional.empty(),
                Sight.of(Catalogue.empty(), DATAPLANE))
            .trace(packet(direction, place));
    EnvoyPath path = trace.envoy().orElseThrow();
    String listener = "listener.%s.downstream_cx_total".formatted(stat(path.listener().name()));
    Way.ToCluster way = (Way.ToCluster) path.ways().getFirst();
    String cluster =
        "cluster.%s.%s"
            .formatted(
                stat(way.cluster()),
                way.endpoints().isEmpty() ? "upstream_cx_none_healthy" : "upstream_cx_total");
    Map<String, String> before = envoy.statistics();

    from.as(1000, 1000, () -> dial(place));

    await()
        .untilAsserted(
            () -> {
              Map<String, String> after = envoy.statistics();
              assertThat(after.keySet())
                  .as("%s: %s", destination, TraceText.of(trace))
                  .filteredOn(name -> LISTENER.matcher(name).matches())
                  .filteredOn(name -> count(after, name) > count(before, name))
                  .containsExactly(listener);
              assertThat(count(after, cluster))
                  .as("%s of %s: %s", cluster, destination, TraceText.of(trace))
                  .isGreaterThan(count(before, cluster));
            });
  }

  private static boolean dial(Place place) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(5000);
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral(place.address().toString()), place.port()),
          5000);
      socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() >= 0;
    } catch (IOException e) {
      // Nobody serves the application: that Envoy took the connection is all that is asked.
      return false;
    }
  }

  private static long count(Map<String, String> statistics, String name) {
    return Long.parseLong(statistics.getOrDefault(name, "0"));
  }

  /** As names of statistics have it. */
  private static String stat(String name) {
    return name.replaceAll("[^a-zA-Z0-9]", "_");
  }

  private static Packet packet(Direction direction, Place place) {
    return new Packet(
        direction,
        Transport.TCP,
        null,
        null,
        place.address(),
        place.port(),
        direction == Direction.OUTBOUND
            ? new Owner("someone", 1000L, "someone", 1000L)
            : Owner.UNKNOWN,
        null,
        ConnectionState.NEW,
        true);
  }

  private void connect(PrivateHost host, PrivateHost peer) {
    String network =
        """
        set -e
        ip link add eth0 netns %1$s type veth peer name eth0 netns %2$s
        ip -n %1$s addr add 10.1.0.1/24 dev eth0
        ip -n %1$s addr add 10.0.0.1/32 dev eth0
        ip -n %1$s addr add 10.0.0.2/32 dev eth0
        ip -n %1$s addr add fd01::1/64 dev eth0 nodad
        ip -n %1$s addr add fd00::1/128 dev eth0 nodad
        ip -n %1$s addr add ::6/128 dev lo
        ip -n %2$s addr add 10.1.0.9/24 dev eth0
        ip -n %2$s addr add fd01::9/64 dev eth0 nodad
        ip -n %1$s link set eth0 up
        ip -n %2$s link set eth0 up
        ip -n %2$s route add default via 10.1.0.1
        ip -n %2$s -6 route add default via fd01::1
        """
            .formatted(host.namespace(), peer.namespace());
    assertThat(Program.run(folder, List.of("sh", "-c", network)))
        .isEqualTo(new Program.Result(0, ""));
  }

  private static void load(PrivateHost host, Bundle bundle) throws IOException {
    Files.writeString(host.folder().resolve("v4"), bundle.text("iptables/v4.rules"));
    Files.writeString(host.folder().resolve("v6"), bundle.text("iptables/v6.rules"));
    assertThat(host.run("iptables-restore --noflush v4; ip6tables-restore --noflush v6"))
        .isEqualTo(new Program.Result(0, ""));
  }

  private static Object resource(String yaml) {
    byte[] text = yaml.getBytes(StandardCharsets.UTF_8);
    return ResourceReader.read(DocumentReader.read(text, Format.YAML)).resource();
  }
}
