package io.sluice.controlplane.api;

import static io.sluice.controlplane.ControlPlane.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.ControlPlane;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MeshTransparentProxyApiTest {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final ControlPlane sluice = ControlPlane.shared();
  private final String mesh = "tp" + NUMBER.incrementAndGet();

  @BeforeEach
  void makeMesh() {
    assertThat(sluice.yaml("PUT", "/meshes/" + mesh, "type: Mesh\n").statusCode()).isEqualTo(201);
  }

  @Test
  void aPolicyIsWrittenReadListedAndDeletedLikeADataplane() {
    HttpResponse<String> created =
        put("all", "{mode: iptables, redirect: {inbound: {port: 16006}}}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);

    HttpResponse<String> read = sluice.get(policy("all"));
    assertThat(json(read).path("spec").path("default").path("redirect").toString())
        .isEqualTo("{\"inbound\":{\"port\":16006}}");
    String etag = read.headers().firstValue("ETag").orElseThrow();
    assertThat(put("all", "{mode: none}", "If-Match", "\"1\"").statusCode()).isEqualTo(412);
    assertThat(put("all", "{mode: none}", "If-Match", etag).statusCode()).isEqualTo(200);
    assertThat(put("all", "{mode: none}").headers().firstValue("ETag"))
        .isEqualTo(sluice.get(policy("all")).headers().firstValue("ETag"));

    JsonNode list = json(sluice.get("/meshes/" + mesh + "/meshtransparentproxies?name=al"));
    assertThat(list.path("total").asInt()).isEqualTo(1);
    assertThat(json(sluice.get("/meshtransparentproxies?size=1000")).path("items").toString())
        .contains("\"mesh\":\"" + mesh + "\"");
    assertThat(json(sluice.get(policy("all") + "/_revisions")).path("items")).hasSize(2);

    assertThat(sluice.send("DELETE", policy("all"), "").statusCode()).isEqualTo(200);
    assertThat(sluice.get(policy("all")).statusCode()).isEqualTo(404);
    assertThat(json(sluice.get(policy("all") + "/_revisions")).path("items")).hasSize(3);
  }

  @Test
  void theBundleSaysWhoSaidWhat() {
    put("all", "{redirect: {inbound: {excludePorts: '9100,9200-9210'}}, drift: report}");
    put("web", "{mode: iptables}", "{kind: Dataplane, name: web-1}");
    dataplane("web-1", "10.3.0.1", "");

    JsonNode bundle = json(sluice.get("/meshes/" + mesh + "/dataplanes/web-1/_bundle"));

    assertThat(bundle.path("mode").asString("")).isEqualTo("iptables");
    assertThat(origin(bundle, "mode")).isEqualTo("MeshTransparentProxy web");
    assertThat(origin(bundle, "drift")).isEqualTo("MeshTransparentProxy all");
    assertThat(origin(bundle, "redirect.inbound.excludePorts"))
        .isEqualTo("MeshTransparentProxy all");
    assertThat(origin(bundle, "redirect.inbound.port")).isEqualTo("default");
    assertThat(bundle.path("assumptions").toString()).contains("sshd");
    assertThat(sluice.get("/meshes/" + mesh + "/dataplanes/web-1/_bundle/iptables/v4.rules").body())
        .contains("9100");
    assertThat(json(sluice.get("/meshes/" + mesh + "/dataplanes/web-1/policies")).path("total"))
        .hasToString("2");
    assertThat(json(sluice.get(policy("web") + "/_resources/dataplanes")).path("items").toString())
        .contains("web-1");
  }

  @Test
  void aPolicyThatWouldMakeDataplanesInvalidIsRefusedWithTheirNames() {
    put("all", "{mode: iptables}");
    // Explicit, Envoy would dial itself.
    HttpResponse<String> written = dataplane("self", "10.3.0.2", "servicePort: 15000");
    assertThat(written.statusCode()).as(written.body()).isEqualTo(201);

    HttpResponse<String> refused = put("all", "{mode: none}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("Dataplane self").contains("1 dataplane ");
    HttpResponse<String> deleted = sluice.send("DELETE", policy("all"), "");
    assertThat(deleted.statusCode()).isEqualTo(400);
    HttpResponse<String> collides =
        put("all", "{mode: iptables, redirect: {inbound: {port: 15000}}}");
    assertThat(collides.statusCode()).isEqualTo(400);
    assertThat(collides.body()).contains("15000");
  }

  @Test
  void aStreamMayBringADataplaneAndThePolicyThatMakesItPossible() {
    String stream =
        Samples.dataplane("self", "10.3.0.3")
                .replace("mesh: default", "mesh: " + mesh)
                .replace("servicePort: 5000", "servicePort: 15000")
                .replace("    serviceAddress: 127.0.0.1\n", "")
            + "---\n"
            + document("all", "{mode: iptables}", "{kind: Mesh}");

    HttpResponse<String> tried = sluice.yaml("POST", "/apply?dryRun=true", stream);
    HttpResponse<String> applied = sluice.yaml("POST", "/apply", stream);

    assertThat(tried.statusCode()).as(tried.body()).isEqualTo(200);
    assertThat(json(tried).path("effects").path("total").asInt()).isEqualTo(1);
    assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
  }

  @Test
  void aDryRunOfAPolicyShowsWhoseFilesChange() {
    dataplane("plain", "10.3.0.4", "");
    dataplane("other", "10.3.0.5", "");

    HttpResponse<String> told =
        sluice.yaml(
            "POST",
            "/apply?dryRun=true",
            document("one", "{mode: iptables}", "{kind: Dataplane, name: plain}"));

    JsonNode effects = json(told).path("effects");
    assertThat(effects.path("total").asInt()).as(told.body()).isEqualTo(1);
    assertThat(effects.path("dataplanes").path(0).path("name").asString("")).isEqualTo("plain");
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    HttpResponse<String> refused =
        put(
            "all",
            "{mod: iptables, redirect: {inbound: {port: 99999, excludePorts: [0]}, vnet:"
                + " {networks: [docker0]}}}");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).path("invalid_parameters"))
        .extracting(each -> each.path("field").asString(""))
        .containsExactlyInAnyOrder(
            "spec.default.mod",
            "spec.default.redirect.inbound.port",
            "spec.default.redirect.inbound.excludePorts[0]",
            "spec.default.redirect.vnet.networks[0]");
    assertThat(refused.body()).contains("did you mean \\\"mode\\\"?");
  }

  @Test
  void policiesGoWithTheirMesh() {
    put("all", "{drift: report}");

    assertThat(sluice.send("DELETE", "/meshes/" + mesh, "").statusCode()).isEqualTo(200);

    makeMesh();
    assertThat(sluice.get(policy("all")).statusCode()).isEqualTo(404);
    assertThat(json(sluice.get(policy("all") + "/_revisions")).path("items").path(0).path("what"))
        .hasToString("\"deleted\"");
  }

  private HttpResponse<String> dataplane(String name, String address, String workload) {
    String yaml = Samples.dataplane(name, address).replace("mesh: default", "mesh: " + mesh);
    if (!workload.isEmpty()) {
      yaml =
          yaml.replace("servicePort: 5000", workload)
              .replace("    serviceAddress: 127.0.0.1\n", "");
    }
    return sluice.yaml("PUT", "/meshes/" + mesh + "/dataplanes/" + name, yaml);
  }

  private HttpResponse<String> put(String name, String conf, String... headers) {
    boolean target = headers.length == 1;
    return sluice.yaml(
        "PUT",
        policy(name),
        document(name, conf, target ? headers[0] : "{kind: Mesh}"),
        target ? new String[0] : headers);
  }

  private String document(String name, String conf, String target) {
    return "type: MeshTransparentProxy\nmesh: %s\nname: %s\nspec: {targetRef: %s, default: %s}\n"
        .formatted(mesh, name, target, conf);
  }

  private String policy(String name) {
    return "/meshes/" + mesh + "/meshtransparentproxies/" + name;
  }

  private static String origin(JsonNode bundle, String path) {
    for (JsonNode setting : bundle.path("settings")) {
      if (setting.path("path").asString("").equals(path)) {
        return setting.path("origin").asString("");
      }
    }
    return "";
  }
}
