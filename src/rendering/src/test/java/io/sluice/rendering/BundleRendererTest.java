package io.sluice.rendering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.UnrenderableException;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Sight;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.mesh.Mesh;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BundleRendererTest {

  private static final String TRANSPARENT =
      """
      type: Dataplane
      mesh: default
      name: app
      networking:
        address: 10.0.0.1
        inbound:
        - port: 5000
          servicePort: 6000
          tags:
            kuma.io/service: app
            kuma.io/protocol: http
        outbound:
        - port: 8080
          tags:
            kuma.io/service: backend
        transparentProxying:
          redirectPortInbound: 15006
          redirectPortOutbound: 15001
      """;

  private static final String EXPLICIT =
      TRANSPARENT.substring(0, TRANSPARENT.indexOf("  transparentProxying"));

  @Test
  void anotherServicePortChangesTheInboundsEndpointsAndNothingElse() {
    assertThat(changes(TRANSPARENT, TRANSPARENT.replace("servicePort: 6000", "servicePort: 6001")))
        .containsExactly("envoy/endpoints/inbound-10.0.0.1-5000.json");
  }

  @Test
  void anotherTagOfAnInboundChangesNothing() {
    assertThat(
            changes(
                TRANSPARENT, TRANSPARENT.replace("kuma.io/service: app", "kuma.io/service: web")))
        .isEmpty();
  }

  @Test
  void anotherProtocolChangesTheInboundsListenerAndCluster() {
    assertThat(
            changes(
                TRANSPARENT,
                TRANSPARENT.replace("kuma.io/protocol: http", "kuma.io/protocol: tcp")))
        .containsExactly(
            "envoy/clusters/inbound-10.0.0.1-5000.json",
            "envoy/listeners/inbound-10.0.0.1-5000.json");
  }

  @Test
  void anotherSpellingOfAnAddressChangesNothing() {
    String ipv6 = TRANSPARENT.replace("address: 10.0.0.1", "address: fd00::1");

    assertThat(changes(ipv6, ipv6.replace("fd00::1", "FD00:0:0::0001"))).isEmpty();
  }

  @Test
  void anExplicitDataplaneHasNoRules() {
    assertThat(render(EXPLICIT).files().keySet())
        .noneMatch(path -> path.startsWith("iptables/"))
        .contains("agent.properties", "envoy/bootstrap.json");
  }

  @Test
  void aDataplaneWithOneRedirectPortIsExplicit() {
    assertThat(
            render(EXPLICIT + "  transparentProxying:\n    redirectPortInbound: 15006\n").files())
        .doesNotContainKey("iptables/v4.rules");
  }

  @Test
  void aNameThatAnInboundWouldListenOnIsRefusedWithTheRemedy() {
    String named = EXPLICIT.replace("address: 10.0.0.1", "address: vm1.example.com");

    assertThatExceptionOfType(UnrenderableException.class)
        .isThrownBy(() -> render(named))
        .withMessage(
            "networking.address: 'vm1.example.com' is a name whose address the control plane does not"
                + " know (yet), and Envoy can listen on IP addresses alone; make it resolve where"
                + " the control plane runs, or give an IP address there or in"
                + " networking.inbound[0].address");
  }

  @Test
  void aNameThatNothingListensOnIsNoObstacle() {
    String named =
        EXPLICIT
            .replace("address: 10.0.0.1", "address: vm1.example.com")
            .replace("servicePort: 6000", "address: 10.0.0.1\n    servicePort: 6000");

    assertThat(render(named).files()).containsKey("envoy/listeners/inbound-10.0.0.1-5000.json");
  }

  @Test
  void aNameThatLeadsToTheAddressOfAnotherInboundIsRefusedWithTheField() {
    Dataplane named =
        (Dataplane)
            resource(
                EXPLICIT
                    .replace("address: 10.0.0.1", "address: vm1.example.com")
                    .replace(
                        "  outbound:",
                        "  - {address: 10.0.0.1, port: 5000, servicePort: 6001, tags: {kuma.io/service: other}}\n"
                            + "  outbound:"));

    assertThatExceptionOfType(UnrenderableException.class)
        .isThrownBy(() -> render(named.at("10.0.0.1")))
        .withMessage(
            "networking.inbound[1].port: must listen on an address and port of its own; 10.0.0.1:5000"
                + " is taken by networking.inbound[0]");
  }

  private static SortedSet<String> changes(String before, String after) {
    Bundle one = render(before);
    Bundle other = render(after);
    SortedSet<String> changed = new TreeSet<>(one.files().keySet());
    changed.addAll(other.files().keySet());
    changed.removeIf(
        path -> {
          var digest = one.files().get(path);
          return digest != null && digest.equals(other.files().get(path));
        });
    return changed;
  }

  private static Bundle render(String dataplane) {
    return render((Dataplane) resource(dataplane));
  }

  private static Bundle render(Dataplane dataplane) {
    return new BundleRenderer()
        .render(
            (Mesh) resource("type: Mesh\nname: default\n"),
            dataplane,
            List.of(),
            Optional.empty(),
            Sight.of(Catalogue.empty(), dataplane));
  }

  private static Object resource(String yaml) {
    return ResourceReader.read(
            DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML))
        .resource();
  }
}
