package io.sluice.controlplane.api;

import static io.sluice.controlplane.ControlPlane.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.ControlPlane;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DiffApiTest {

  private static final String POLICY =
      """
      type: MeshTransparentProxy
      mesh: default
      name: %s
      spec:
        targetRef: {kind: Dataplane, name: %s}
        default: {mode: iptables, redirect: {inbound: {protectedPorts: []}}}
      """;

  private final ControlPlane sluice = ControlPlane.shared();

  @Test
  void documentsAreComparedForOneDataplane() {
    put("d1", "10.5.0.1", "5000");
    put("d2", "10.5.0.2", "5000");

    JsonNode effect =
        json(
            sluice.yaml(
                "POST",
                "/meshes/default/dataplanes/d1/_diff",
                Samples.dataplane("d1", "10.5.0.1").replace(": 5000", ": 5009")
                    + "---\n"
                    + Samples.dataplane("d2", "10.5.0.2").replace(": 5000", ": 5009")));

    assertThat(effect.path("name").asString("")).isEqualTo("d1");
    assertThat(effect.path("files").propertyNames())
        .containsExactly("envoy/endpoints/inbound-10.5.0.1-15000.json");
  }

  @Test
  void aPolicyIsComparedWithItsWarnings() {
    put("d3", "10.5.0.3", "5000");

    JsonNode effect =
        json(
            sluice.yaml(
                "POST", "/meshes/default/dataplanes/d3/_diff", POLICY.formatted("p3", "d3")));

    assertThat(effect.path("files").propertyNames())
        .contains("agent.properties", "iptables/v4.rules", "iptables/v6.rules");
    assertThat(effect.path("warnings"))
        .extracting(
            each -> each.path("origin").asString("") + " " + each.path("field").asString(""))
        .containsExactlyInAnyOrder(
            "MeshTransparentProxy p3 mode",
            "default onProxyFailure",
            "MeshTransparentProxy p3 redirect.inbound.protectedPorts");
    assertThat(sluice.get("/meshes/default/meshtransparentproxies/p3").statusCode()).isEqualTo(404);
  }

  @Test
  void documentsThatDoNotTouchTheDataplaneChangeNothing() {
    put("d4", "10.5.0.4", "5000");

    JsonNode effect =
        json(
            sluice.yaml(
                "POST",
                "/meshes/default/dataplanes/d4/_diff",
                POLICY.formatted("p4", "another-one")));

    assertThat(effect.path("name").asString("")).isEqualTo("d4");
    assertThat(effect.path("files").properties()).isEmpty();
  }

  @Test
  void twoRevisionsAreCompared() {
    long first = put("d5", "10.5.0.5", "5000");
    long second = put("d5", "10.5.0.5", "5001");
    put("d5", "10.5.0.5", "5002");

    assertThat(between("d5", first, "&to=" + second)).contains(": 5000", ": 5001");
    assertThat(between("d5", first, "")).contains(": 5000", ": 5002").doesNotContain("5001");
    assertThat(between("d5", second, "&to=" + second))
        .isEqualTo("# Dataplane default/d5: 0 files change\n");
  }

  @Test
  void aPolicyOfTheTimeCounts() {
    long before = put("d6", "10.5.0.6", "5000");
    String policy = "/meshes/default/meshtransparentproxies/p6";
    long with = revision(sluice.yaml("PUT", policy, POLICY.formatted("p6", "d6")));
    sluice.send("DELETE", policy, "");

    assertThat(between("d6", before, "&to=" + with)).contains("+++ b/default/d6/iptables/v4.rules");
    assertThat(between("d6", with, "")).contains("--- a/default/d6/iptables/v4.rules");
    assertThat(between("d6", before, "")).endsWith(": 0 files change\n");
  }

  @Test
  void beforeTheDataplaneWasThereWereNoFiles() {
    put("d7", "10.5.0.7", "5000");

    assertThat(between("d7", 1, "")).contains("--- /dev/null\n+++ b/default/d7/agent.properties\n");
  }

  @Test
  void aDeletedDataplaneIsComparedByItsHistory() {
    long there = put("d8", "10.5.0.8", "5000");
    sluice.send("DELETE", "/meshes/default/dataplanes/d8", "");

    assertThat(between("d8", there, "")).contains("+++ /dev/null", "Envoy is stopped");
  }

  @Test
  void revisionsNeedNoContentTypeAndNoBody() {
    long first = put("d9", "10.5.0.9", "5000");

    assertThat(
            sluice
                .send("POST", "/meshes/default/dataplanes/d9/_diff?from=" + first, "")
                .statusCode())
        .isEqualTo(200);
    assertThat(
            sluice
                .yaml(
                    "POST",
                    "/meshes/default/dataplanes/d9/_diff?from=" + first,
                    Samples.dataplane("d9", "10.5.0.9"))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void whatHasNeverBeenIsNotFound() {
    assertThat(sluice.get("/meshes/default/dataplanes/nobody/_diff?from=1").statusCode())
        .isEqualTo(404);
    assertThat(
            sluice
                .yaml(
                    "POST",
                    "/meshes/default/dataplanes/nobody/_diff",
                    Samples.dataplane("somebody", "10.5.0.10"))
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void aRevisionIsAPositiveNumber() {
    put("d11", "10.5.0.11", "5000");
    String path = "/meshes/default/dataplanes/d11/_diff?from=";

    assertThat(sluice.get(path + "0").body()).contains("must be a revision");
    assertThat(sluice.get(path + "yesterday").statusCode()).isEqualTo(400);
    assertThat(sluice.get(path + Long.MAX_VALUE).statusCode()).isEqualTo(200);
  }

  private String between(String name, long from, String to) {
    return sluice
        .get(
            "/meshes/default/dataplanes/" + name + "/_diff?from=" + from + to,
            "Accept",
            "text/plain")
        .body();
  }

  private long put(String name, String address, String servicePort) {
    return revision(
        sluice.yaml(
            "PUT",
            "/meshes/default/dataplanes/" + name,
            Samples.dataplane(name, address).replace(": 5000", ": " + servicePort)));
  }

  private static long revision(HttpResponse<String> answer) {
    return Long.parseLong(answer.headers().firstValue("ETag").orElseThrow().replace("\"", ""));
  }
}
