package io.sluice.controlplane.api;

import static io.sluice.controlplane.ControlPlane.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.controlplane.ControlPlane;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class VirtualOutboundApiTest {

  private static final Duration A_LONG_TIME = Duration.ofMinutes(1);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final ControlPlane sluice = ControlPlane.shared();
  private final String mesh = "vo" + NUMBER.incrementAndGet();

  @BeforeEach
  void makeMesh() {
    assertThat(sluice.yaml("PUT", "/meshes/" + mesh, "type: Mesh\n").statusCode()).isEqualTo(201);
  }

  @Test
  void itIsWrittenReadListedAndDeletedLikeADataplane() {
    HttpResponse<String> created = put("one", document("{{.service}}.mesh", "8080"));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);

    HttpResponse<String> read = sluice.get(path("one"));
    assertThat(json(read).path("conf").path("host").asString("")).isEqualTo("{{.service}}.mesh");
    assertThat(json(read).path("selectors").path(0).path("match").toString())
        .isEqualTo("{\"kuma.io/service\":\"*\"}");
    String etag = read.headers().firstValue("ETag").orElseThrow();
    String other = document("{{.service}}.mesh", "8081");
    assertThat(put("one", other, "If-Match", "\"1\"").statusCode()).isEqualTo(412);
    assertThat(put("one", other, "If-Match", etag).statusCode()).isEqualTo(200);

    JsonNode list = json(sluice.get("/meshes/" + mesh + "/virtual-outbounds?name=on"));
    assertThat(list.path("total").asInt()).isEqualTo(1);
    assertThat(json(sluice.get("/virtual-outbounds?size=1000")).path("items").toString())
        .contains("\"mesh\":\"" + mesh + "\"");

    assertThat(sluice.send("DELETE", path("one"), "").statusCode()).isEqualTo(200);
    assertThat(sluice.get(path("one")).statusCode()).isEqualTo(404);
    assertThat(json(sluice.get(path("one") + "/_revisions")).path("items")).hasSize(3);
  }

  @Test
  void itComesByPostAndInAStreamToo() {
    String document = "type: VirtualOutbound\nmesh: " + mesh + "\nname: two\n";
    String body = document("{{.service}}.mesh", "8080");

    HttpResponse<String> posted =
        sluice.yaml("POST", "/meshes/" + mesh + "/virtual-outbounds", "name: one\n" + body);
    HttpResponse<String> tried = sluice.yaml("POST", "/apply?dryRun=true", document + body);
    HttpResponse<String> applied = sluice.yaml("POST", "/apply", document + body);

    assertThat(posted.statusCode()).as(posted.body()).isEqualTo(201);
    assertThat(tried.statusCode()).as(tried.body()).isEqualTo(200);
    assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
    assertThat(sluice.get(path("two")).statusCode()).isEqualTo(200);
  }

  @Test
  void allThatIsWrongIsToldAtOnceWithItsPlace() {
    HttpResponse<String> refused =
        put(
            "one",
            document("{{.service}}.{{.version}}", "{{if .port}}80{{end}}")
                .replace("kuma.io/service: '*'", ""));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).path("invalid_parameters"))
        .extracting(each -> each.path("field").asString(""))
        .containsExactlyInAnyOrder("selectors[0].match", "conf.host", "conf.port");
    assertThat(refused.body()).contains("character 1, \\\"{{if .port}}\\\": pipes, functions");
  }

  @Test
  void itAddsAPortToADefaultNameOnTheHostsOfItsMesh() {
    String dataplane = "/meshes/" + mesh + "/dataplanes/web-1";
    HttpResponse<String> written =
        sluice.yaml(
            "PUT",
            dataplane,
            Samples.dataplane("web-1", "10.4.0.1").replace("mesh: default", "mesh: " + mesh)
                + "  transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}\n");
    assertThat(written.statusCode()).as(written.body()).isEqualTo(201);
    awaitListeners(dataplane, "-80.json");

    String document = document("{{.service}}.mesh", "8080");
    HttpResponse<String> tried =
        sluice.yaml(
            "POST",
            "/apply?dryRun=true",
            "type: VirtualOutbound\nmesh: " + mesh + "\nname: more\n" + document);
    put("more", document);

    assertThat(json(tried).path("effects").path("total").asInt()).as(tried.body()).isEqualTo(1);
    awaitListeners(dataplane, "-80.json", "-8080.json");
    sluice.send("DELETE", path("more"), "");
    awaitListeners(dataplane, "-80.json");
  }

  @Test
  void itGoesWithItsMesh() {
    put("one", document("{{.service}}.mesh", "8080"));

    assertThat(sluice.send("DELETE", "/meshes/" + mesh, "").statusCode()).isEqualTo(200);

    makeMesh();
    assertThat(sluice.get(path("one")).statusCode()).isEqualTo(404);
  }

  /** Virtual addresses are given, and views follow, a moment after a write. */
  private void awaitListeners(String dataplane, String... ports) {
    await()
        .atMost(A_LONG_TIME)
        .untilAsserted(
            () ->
                assertThat(virtualListeners(dataplane))
                    .allMatch(path -> List.of(ports).stream().anyMatch(path::endsWith))
                    .hasSize(2 * ports.length));
  }

  private List<String> virtualListeners(String dataplane) {
    List<String> listeners = new ArrayList<>();
    for (JsonNode file : json(sluice.get(dataplane + "/_bundle")).path("files")) {
      String path = file.path("path").asString("");
      if (path.startsWith("mesh/listeners/")) {
        listeners.add(path);
      }
    }
    return listeners;
  }

  private HttpResponse<String> put(String name, String document, String... headers) {
    return sluice.yaml("PUT", path(name), document, headers);
  }

  private String path(String name) {
    return "/meshes/" + mesh + "/virtual-outbounds/" + name;
  }

  private static String document(String host, String port) {
    return """
    selectors: [{match: {kuma.io/service: '*'}}]
    conf:
      host: "%s"
      port: "%s"
      parameters: [{name: service, tagKey: kuma.io/service}]
    """
        .formatted(host, port);
  }
}
