package io.sluice.controlplane.api;

import static io.sluice.controlplane.ControlPlane.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.controlplane.ControlPlane;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a dry run tells of names that nobody has yet. */
class NewNamesApiTest {

  private static final Duration A_LONG_TIME = Duration.ofMinutes(1);
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String NOTE = "# the addresses shown for 1 new name are provisional";

  private final ControlPlane sluice = ControlPlane.shared();
  private final String mesh = "newnames" + NUMBER.incrementAndGet();

  /** Its one service, app.mesh, has the first address. */
  @BeforeEach
  void offerAService() {
    sluice.yaml("PUT", "/meshes/" + mesh, "type: Mesh\n");
    assertThat(sluice.yaml("POST", "/apply", dataplane("web-1", "10.6.0.1", "app")).statusCode())
        .isEqualTo(200);
    await().atMost(A_LONG_TIME).until(() -> names().findValues("ipv4").size() == 1);
  }

  @Test
  void aVirtualOutboundShowsItsNewNamesUnderTheNextFreeAddresses() {
    JsonNode effects = json(tried(virtualOutbound())).path("effects");

    assertThat(effects.path("total").asInt(0)).isEqualTo(1);
    JsonNode effect = effects.path("dataplanes").path(0);
    assertThat(effect.path("files").toString()).contains("240.0.0.2");
    assertThat(effect.path("provisionalNames").asInt(0)).isEqualTo(1);
    assertThat(names().path("total").asInt(0)).as("names afterwards").isEqualTo(1);
  }

  @Test
  void aDataplaneWithANewServiceChangesWhatOthersReach() {
    HttpResponse<String> told = tried(dataplane("db-1", "10.6.0.2", "db"), "Accept", "text/plain");

    assertThat(told.body().lines())
        .contains("# 2 dataplanes change, 1 with warnings", NOTE)
        .anyMatch(line -> line.startsWith("+++ b/" + mesh + "/web-1/mesh/listeners/"));
    assertThat(told.body()).contains("240.0.0.2");
  }

  @Test
  void theEffectOnOneDataplaneSaysSoToo() {
    HttpResponse<String> told =
        sluice.yaml(
            "POST",
            "/meshes/" + mesh + "/dataplanes/web-1/_diff",
            virtualOutbound(),
            "Accept",
            "text/plain");

    assertThat(told.body().lines()).contains(NOTE);
    assertThat(told.body()).contains("240.0.0.2");
  }

  @Test
  void anotherEndpointOfAKnownServiceHasNothingProvisional() {
    JsonNode effects = json(tried(dataplane("web-2", "10.6.0.2", "app"))).path("effects");

    assertThat(effects.path("total").asInt(0)).isEqualTo(2);
    assertThat(effects.findValues("provisionalNames")).isEmpty();
  }

  private JsonNode names() {
    return json(sluice.get("/meshes/" + mesh + "/names"));
  }

  private HttpResponse<String> tried(String document, String... headers) {
    return sluice.yaml("POST", "/apply?dryRun=true", document, headers);
  }

  private String dataplane(String name, String address, String service) {
    return Samples.dataplane(name, address)
            .replace("mesh: default", "mesh: " + mesh)
            .replace("service: app", "service: " + service)
        + "  transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}\n";
  }

  private String virtualOutbound() {
    return """
    type: VirtualOutbound
    mesh: %s
    name: other
    selectors: [{match: {kuma.io/service: '*'}}]
    conf:
      host: "{{.service}}.other"
      port: "8080"
      parameters: [{name: service, tagKey: kuma.io/service}]
    """
        .formatted(mesh);
  }
}
