package io.sluice.rendering;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Difference;
import io.sluice.rendering.bundle.Node;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Sight;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServicesRenderingTest {

  private static final Mesh MESH = (Mesh) resource("type: Mesh\nname: default\n");
  private static final Dataplane BACKEND = offering("backend-01", "10.0.1.1", "backend");
  private static final Dataplane SECOND = offering("backend-02", "10.0.1.2", "backend");
  private static final Catalogue CATALOGUE =
      Catalogue.empty()
          .with(BACKEND)
          .with(offering("db-01", "10.0.2.1", "db"))
          .with(address("backend.mesh", 0))
          .with(address("db.mesh", 1));

  private static final String REDIRECTED =
      """
        transparentProxying:
          redirectPortInbound: 15006
          redirectPortOutbound: 15001
      """;

  private static final String BACKEND_ENDPOINTS =
      "mesh/endpoints/service-backend-10e08a419e850eba.json";

  private final BundleRenderer renderer = new BundleRenderer();

  @Test
  void anotherEndpointChangesTheOneFileOfItsService() {
    Dataplane client = client("client-01", "10.0.9.1", "");

    assertThat(changed(client, CATALOGUE, CATALOGUE.with(SECOND)).paths())
        .containsExactly(BACKEND_ENDPOINTS);
  }

  @Test
  void anotherEndpointChangesNothingForWhomItIsOutOfReach() {
    Dataplane client = client("client-01", "10.0.9.1", "    reachableServices: [db]\n");

    assertThat(Sight.of(CATALOGUE, client)).isEqualTo(Sight.of(CATALOGUE.with(SECOND), client));
    assertThat(changed(client, CATALOGUE, CATALOGUE.with(SECOND)).paths()).isEmpty();
  }

  @Test
  void theLastEndpointLeavesTheListenerAndTheClusterAsTheyAre() {
    Dataplane client = client("client-01", "10.0.9.1", "");
    Dataplane notReady =
        (Dataplane)
            resource(
                text("backend-01", "10.0.1.1", "backend")
                    .replace("- port:", "- state: NotReady\n    port:"));

    assertThat(changed(client, CATALOGUE, CATALOGUE.with(notReady)).paths())
        .containsExactly(BACKEND_ENDPOINTS);
  }

  @Test
  void dataplanesWithTheSameReachHaveTheIdenticalFolder() {
    Bundle one = render(client("client-01", "10.0.9.1", ""), CATALOGUE);
    Bundle other = render(client("client-02", "10.0.9.2", ""), CATALOGUE);

    assertThat(folder(one, "mesh")).isSameAs(folder(other, "mesh"));
    assertThat(one.digest()).isNotEqualTo(other.digest());
  }

  @Test
  void whatTheDataplaneHasForItselfIsNotRenderedAgainForServices() {
    Dataplane client = client("client-01", "10.0.9.1", "");
    OwnPart own = renderer.own(MESH, client, List.of(), Optional.empty());

    Bundle before = renderer.bundle(own, Sight.of(CATALOGUE, client));
    Bundle after = renderer.bundle(own, Sight.of(CATALOGUE.with(SECOND), client));

    assertThat(folder(after, "envoy")).isSameAs(folder(before, "envoy"));
    assertThat(folder(after, "iptables")).isSameAs(folder(before, "iptables"));
  }

  @Test
  void theOrderInWhichAMeshIsKnownDoesNotMatter() {
    Dataplane client = client("client-01", "10.0.9.1", "");
    Catalogue backwards =
        Catalogue.empty()
            .with(address("db.mesh", 1))
            .with(SECOND)
            .with(offering("db-01", "10.0.2.1", "db"))
            .with(address("backend.mesh", 0))
            .with(BACKEND);

    assertThat(
            new BundleRenderer()
                .render(MESH, client, List.of(), Optional.empty(), Sight.of(backwards, client))
                .digest())
        .isEqualTo(render(client, CATALOGUE.with(SECOND)).digest());
  }

  @Test
  void aVirtualListenerGivesWayToWhatTheDataplaneHasAtThatPlace() {
    Dataplane client =
        (Dataplane)
            resource(
                text("client-01", "10.0.9.1", "client")
                        .replace("port: 8080", "port: 80\n    address: 240.0.0.1")
                    + REDIRECTED);
    Bundle bundle = render(client, CATALOGUE);

    assertThat(bundle.file("envoy/listeners/inbound-240.0.0.1-80.json")).isPresent();
    assertThat(bundle.file("mesh/listeners/outbound-240.0.0.1-80.json")).isEmpty();
    assertThat(bundle.file("mesh/listeners/outbound-240.0.0.0-80.json")).isPresent();
  }

  @Test
  void aHostThatCapturesNothingOnItsWayOutHasNoListenersForServices() {
    Dataplane explicit = (Dataplane) resource(text("client-01", "10.0.9.1", "client"));

    assertThat(render(explicit, CATALOGUE).files().keySet())
        .noneMatch(path -> path.startsWith("mesh/") || path.startsWith("dns/"));
    assertThat(Sight.of(CATALOGUE.with(SECOND), explicit)).isEqualTo(Sight.of(CATALOGUE, explicit));
  }

  private Difference changed(Dataplane client, Catalogue before, Catalogue after) {
    return Difference.between(render(client, before), render(client, after));
  }

  private Bundle render(Dataplane client, Catalogue catalogue) {
    return renderer.render(MESH, client, List.of(), Optional.empty(), Sight.of(catalogue, client));
  }

  private static Node folder(Bundle bundle, String name) {
    return bundle.root().get(name).orElseThrow();
  }

  private static VirtualAddress address(String host, int number) {
    return new VirtualAddress(
        "default",
        host,
        IpAddress.parse("240.0.0." + number).orElseThrow(),
        IpAddress.parse("fd00:5:1::" + number).orElseThrow(),
        null);
  }

  private static Dataplane client(String name, String address, String more) {
    return (Dataplane) resource(text(name, address, "client") + REDIRECTED + more);
  }

  private static Dataplane offering(String name, String address, String service) {
    return (Dataplane) resource(text(name, address, service));
  }

  private static String text(String name, String address, String service) {
    return """
        type: Dataplane
        mesh: default
        name: %s
        networking:
          address: %s
          inbound:
          - port: 8080
            serviceAddress: 127.0.0.1
            tags: {kuma.io/service: %s, kuma.io/protocol: http}
        """
        .formatted(name, address, service);
  }

  private static Object resource(String yaml) {
    return ResourceReader.read(
            DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML))
        .resource();
  }
}
