package io.sluice.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.controlplane.ControlPlane;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ServiceApiTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String MESH = "/meshes/service-api";
  private static final ControlPlane SLUICE = ControlPlane.shared();

  @BeforeAll
  static void offerTwoServices() {
    SLUICE.yaml("PUT", MESH, "type: Mesh\nname: service-api");
    put(MESH, "backend-1", "backend", "10.3.0.1", "Ready");
    put(MESH, "backend-2", "backend", "10.3.0.2", "NotReady");
    put(MESH, "web-1", "web", "10.3.0.3", "Ready");
    await()
        .atMost(SOON)
        .until(
            () ->
                json(MESH + "/names").path("total").asInt(0) == 2
                    && json(MESH + "/names").findValues("ipv4").size() == 2);
  }

  @Test
  void aServiceIsShownWithItsEndpointsItsNamesAndWhoReachesIt() {
    JsonNode service = json(MESH + "/services/backend");

    assertThat(service.path("protocol").asString("")).isEqualTo("http");
    assertThat(service.path("ready").asInt(0)).isEqualTo(1);
    assertThat(service.path("endpoints").findValuesAsString("address"))
        .containsExactly("10.3.0.1", "10.3.0.2");
    assertThat(service.path("endpoints").path(1).path("reasons").toString())
        .contains("state: NotReady");
    assertThat(service.path("names").path(0).path("host").asString("")).isEqualTo("backend.mesh");
    assertThat(service.path("names").path(0).path("ipv6").asString("")).startsWith("fd53:");
    assertThat(service.path("reachableBy").path("first").toString())
        .isEqualTo("[\"backend-1\",\"backend-2\",\"web-1\"]");
  }

  @Test
  void servicesAndNamesAreListedPageByPage() {
    JsonNode first = json(MESH + "/services?size=1");
    assertThat(first.path("total").asInt(0)).isEqualTo(2);
    assertThat(first.path("items").findValuesAsString("protocol")).hasSize(1);
    String next = first.path("next").asString("");

    assertThat(json(next.substring(next.indexOf(MESH))).path("items").path(0).path("name"))
        .hasToString("\"web\"");
    assertThat(json(MESH + "/names?size=1").path("items").path(0).path("host").asString(""))
        .isEqualTo("backend.mesh");
  }

  @Test
  void aNameSaysWhereItsPortsLeadAndWhoSaysSo() {
    JsonNode port = json(MESH + "/names").path("items").path(1).path("ports").path(0);

    assertThat(port.path("port").asInt(0)).isEqualTo(80);
    assertThat(port.path("leadsTo").path("tags").path("kuma.io/service").asString(""))
        .isEqualTo("web");
    assertThat(port.path("leadsTo").path("origin").asString(""))
        .isEqualTo("default name of service web");
  }

  @Test
  void insightsCountDataplanesAsKumaDoes() {
    JsonNode insight = json(MESH + "/service-insights/backend");

    assertThat(insight.path("status").asString("")).isEqualTo("partially_degraded");
    assertThat(insight.path("addressPort").asString("")).isEqualTo("backend.mesh:80");
    assertThat(insight.path("dataplanes").path("online").asInt(0)).isEqualTo(1);
    assertThat(json(MESH + "/service-insights").path("total").asInt(0)).isEqualTo(2);
  }

  @Test
  void aServiceWithoutANameOrWhosePort80LeadsElsewhereHasNoAddressPort() {
    String mesh = "/meshes/service-api-lost";
    SLUICE.yaml("PUT", mesh, "type: Mesh");
    put(mesh, "backend-1", "backend", "10.3.1.1", "Ready");
    put(mesh, "web-1", "web", "10.3.1.2", "Ready");
    put(mesh, "odd-1", "odd-", "10.3.1.3", "Ready");
    SLUICE.yaml(
        "PUT",
        mesh + "/virtual-outbounds/taken",
        """
        selectors: [{match: {kuma.io/service: web}}]
        conf:
          host: backend.mesh
          port: "80"
          parameters: [{name: service, tagKey: kuma.io/service}]
        """);

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(json(mesh + "/service-insights").path("items"))
                    .extracting(
                        each ->
                            each.path("name").asString("")
                                + " "
                                + each.path("addressPort").asString("none"))
                    .containsExactly("backend none", "odd- none", "web web.mesh:80"));
  }

  @Test
  void aGatewayIsShownAsAServiceWithoutANameAndWithoutEndpoints() {
    String mesh = "/meshes/service-api-gateways";
    SLUICE.yaml("PUT", mesh, "type: Mesh");
    gateway(mesh, "edge-1", "edge", "10.3.2.1");
    gateway(mesh, "edge-2", "edge", "10.3.2.2");
    gateway(mesh, "web-edge", "web", "10.3.2.3");
    put(mesh, "web-1", "web", "10.3.2.4", "Ready");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(json(mesh + "/services").path("total").asInt(0)).isEqualTo(2));
    live("service-api-gateways", "edge-2");

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(json(mesh + "/services/edge").path("dataplanes"))
                    .hasToString("{\"total\":2,\"online\":1,\"offline\":1}"));
    JsonNode edge = json(mesh + "/services/edge");
    assertThat(edge.path("serviceType").asString("")).isEqualTo("gateway_delegated");
    assertThat(edge.path("endpoints")).isEmpty();
    assertThat(edge.path("names")).isEmpty();
    assertThat(edge.path("nameless").asString("")).contains("only inbounds give names");
    assertThat(edge.path("reachableBy").path("total").asInt(-1)).isZero();
    assertThat(edge.path("gateways").path(0).path("reasons").toString())
        .contains("no agent has ever been heard");
    assertThat(edge.path("gateways").path(1).path("online").asBoolean(false)).isTrue();
    assertThat(json(mesh + "/names").toString()).doesNotContain("edge");
    JsonNode insight = json(mesh + "/service-insights/edge");
    assertThat(insight.path("serviceType").asString("")).isEqualTo("gateway_delegated");
    assertThat(insight.path("status").asString("")).isEqualTo("partially_degraded");
    assertThat(insight.path("dataplanes").path("online").asInt(-1)).isEqualTo(1);
    assertThat(insight.has("addressPort")).isFalse();
  }

  @Test
  void aServiceWithInboundsAndAGatewayShowsBoth() {
    String mesh = "/meshes/service-api-both";
    SLUICE.yaml("PUT", mesh, "type: Mesh");
    gateway(mesh, "web-edge", "web", "10.3.3.3");
    put(mesh, "web-1", "web", "10.3.3.4", "Ready");

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(json(mesh + "/services/web").path("dataplanes"))
                    .hasToString("{\"total\":2,\"online\":1,\"offline\":1}"));
    JsonNode web = json(mesh + "/services/web");
    assertThat(web.path("serviceType").asString("")).isEqualTo("internal");
    assertThat(web.path("endpoints").findValuesAsString("dataplane")).containsExactly("web-1");
    assertThat(web.path("gateways").findValuesAsString("dataplane")).containsExactly("web-edge");
    assertThat(web.has("nameless")).isFalse();
    assertThat(json(mesh + "/service-insights/web").path("dataplanes"))
        .hasToString("{\"total\":2,\"online\":1,\"offline\":1}");
  }

  @Test
  void servicesNamesAndInsightsAreFoundByPartsOfTheirNamesPageByPage() {
    String mesh = "/meshes/service-api-parts";
    SLUICE.yaml("PUT", mesh, "type: Mesh");
    for (int i = 1; i <= 3; i++) {
      put(mesh, "orders-" + i, "orders-" + i, "10.3.4." + i, "Ready");
    }
    put(mesh, "web-1", "web", "10.3.4.9", "Ready");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(json(mesh + "/services").path("total").asInt(0)).isEqualTo(4));

    for (String list : new String[] {"/services", "/service-insights", "/names"}) {
      JsonNode first = json(mesh + list + "?name=rders&size=2");
      assertThat(first.path("total").asInt(0)).as(list).isEqualTo(3);
      assertThat(first.path("items")).as(list).hasSize(2);
      String next = first.path("next").asString("");
      JsonNode second = json(next.substring(next.indexOf(mesh)));
      assertThat(second.path("items")).as(list).hasSize(1);
      assertThat(second.path("items").toString()).contains("orders-3");
      assertThat(second.path("next").isNull()).as(list).isTrue();
      assertThat(SLUICE.get(mesh + list + "?size=1001").statusCode()).as(list).isEqualTo(400);
      assertThat(SLUICE.get(mesh + list + "?size=0").statusCode()).as(list).isEqualTo(400);
      assertThat(SLUICE.get(mesh + list + "?offset=nonsense").statusCode()).as(list).isEqualTo(400);
    }
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThat(SLUICE.get(MESH + "/services/nothing").statusCode()).isEqualTo(404);
    assertThat(SLUICE.get(MESH + "/service-insights/nothing").statusCode()).isEqualTo(404);
    assertThat(SLUICE.get("/meshes/no-such-mesh/names").statusCode()).isEqualTo(404);
  }

  private static void put(String mesh, String name, String service, String address, String state) {
    String document =
        """
        type: Dataplane
        networking:
          address: %s
          transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}
          inbound:
          - port: 8080
            state: %s
            tags: {kuma.io/service: %s, kuma.io/protocol: http}
        """
            .formatted(address, state, service);
    assertThat(SLUICE.yaml("PUT", mesh + "/dataplanes/" + name, document).statusCode())
        .isEqualTo(201);
  }

  private static void gateway(String mesh, String name, String service, String address) {
    String document =
        """
        type: Dataplane
        networking:
          address: %s
          gateway: {tags: {kuma.io/service: %s}}
        """
            .formatted(address, service);
    assertThat(SLUICE.yaml("PUT", mesh + "/dataplanes/" + name, document).statusCode())
        .isEqualTo(201);
  }

  private static void live(String mesh, String name) {
    String token = SLUICE.token(mesh, name);
    assertThat(
            SLUICE
                .agent(
                    "POST",
                    "/agent/v1/status",
                    "state=running\nenvoy.state=live\n",
                    "Authorization",
                    "Bearer " + token)
                .statusCode())
        .isEqualTo(204);
  }

  private static JsonNode json(String path) {
    return ControlPlane.json(SLUICE.get(path));
  }
}
