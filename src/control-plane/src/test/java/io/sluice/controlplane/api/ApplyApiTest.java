package io.sluice.controlplane.api;

import static io.sluice.controlplane.ControlPlane.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.controlplane.ControlPlane;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

class ApplyApiTest {

  private final ControlPlane sluice = ControlPlane.shared();

  @Test
  void aRefusalSaysWhichDocumentItIsAbout() {
    sluice.yaml(
        "PUT", "/meshes/default/dataplanes/holder-1", Samples.dataplane("holder-1", "10.3.9.1"));

    HttpResponse<String> answer =
        sluice.yaml(
            "POST",
            "/apply",
            Samples.dataplane("free-1", "10.3.9.2")
                + "---\n"
                + Samples.dataplane("claimant-1", "10.3.9.1"));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(json(answer).path("detail").stringValue())
        .contains("documents[1]")
        .contains("Dataplane claimant-1");
    assertThat(json(answer).path("invalid_parameters").get(0).path("field").stringValue())
        .isEqualTo("documents[1].networking.inbound");
  }

  @Test
  void aStreamIsAppliedInOneTransactionMeshesFirst() {
    String stream =
        Samples.dataplane("s1", "10.2.0.1").replace("mesh: default", "mesh: streamed")
            + "---\ntype: Mesh\nname: streamed\n";

    HttpResponse<String> applied = sluice.yaml("POST", "/apply", stream);

    assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
    assertThat(json(applied).path("results"))
        .extracting(
            each -> each.path("name").asString("") + " " + each.path("outcome").asString(""))
        .containsExactly("s1 created", "streamed created");
    assertThat(sluice.get("/meshes/streamed/dataplanes/s1").statusCode()).isEqualTo(200);
  }

  @Test
  void nothingOfAStreamIsDoneIfOneDocumentIsInvalid() {
    String stream =
        Samples.dataplane("s2", "10.2.0.2")
            + "---\n"
            + Samples.dataplane("s3", "0.0.0.0")
            + "---\ntype: Nothing\n";

    HttpResponse<String> refused = sluice.yaml("POST", "/apply", stream);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).path("invalid_parameters"))
        .extracting(each -> each.path("field").asString(""))
        .contains("documents[1].networking.address", "documents[2].type");
    assertThat(sluice.get("/meshes/default/dataplanes/s2").statusCode()).isEqualTo(404);
  }

  @Test
  void aDryRunTellsWhichFilesWouldChangeAndWritesNothing() {
    String path = "/meshes/default/dataplanes/s4";
    sluice.yaml("PUT", path, Samples.dataplane("s4", "10.2.0.4"));
    String before = sluice.get(path).body();

    HttpResponse<String> told =
        sluice.yaml(
            "POST",
            "/apply?dryRun=true",
            Samples.dataplane("s4", "10.2.0.4").replace("servicePort: 5000", "servicePort: 5001"));

    assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
    JsonNode effects = json(told).path("effects");
    assertThat(effects.path("total").asInt(0)).isEqualTo(1);
    JsonNode files = effects.path("dataplanes").path(0).path("files");
    assertThat(files.properties()).hasSize(1);
    assertThat(files.path("envoy/endpoints/inbound-10.2.0.4-15000.json").asString(""))
        .startsWith(
            "--- a/default/s4/envoy/endpoints/inbound-10.2.0.4-15000.json\n+++ b/default/s4/")
        .containsPattern("\n- +\"port_value\" : 5000\n\\+ +\"port_value\" : 5001\n");
    assertThat(sluice.get(path).body()).isEqualTo(before);
  }

  @Test
  void aMisspeltDryRunWritesNothing() {
    String stream = Samples.dataplane("s44", "10.2.0.44");
    String path = "/meshes/default/dataplanes/s44";

    HttpResponse<String> lower = sluice.yaml("POST", "/apply?dryrun=true&force=1", stream);
    HttpResponse<String> put = sluice.yaml("PUT", path + "?dryRun=true", stream);

    assertThat(lower.statusCode()).isEqualTo(400);
    assertThat(json(lower).path("invalid_parameters").toString())
        .contains("dryrun", "allowed: dryRun, replaces; did you mean \\\"dryRun\\\"?", "force");
    assertThat(put.statusCode()).isEqualTo(400);
    assertThat(put.body()).contains("POST /apply?dryRun=true shows what a document would change");
    assertThat(sluice.get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void theSameDocumentsAgainChangeNothing() {
    String stream = Samples.dataplane("s5", "10.2.0.5");
    sluice.yaml("POST", "/apply", stream);

    HttpResponse<String> again = sluice.yaml("POST", "/apply?dryRun=true", stream);

    assertThat(json(again).path("results").path(0).path("outcome").asString(""))
        .isEqualTo("unchanged");
    assertThat(json(again).path("effects").path("total").asInt(-1)).isZero();
  }

  @Test
  void oneResourceTwiceInAStreamIsRefused() {
    String document = Samples.dataplane("s6", "10.2.0.6");

    assertThat(sluice.yaml("POST", "/apply", document + "---\n" + document).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aDryRunWarnsOfWhatItCuts() {
    String yaml = alone("cut", Samples.dataplane("s7", "10.2.0.7"));
    sluice.yaml("PUT", "/meshes/cut/dataplanes/s7", yaml);

    HttpResponse<String> told =
        sluice.yaml("POST", "/apply?dryRun=true", yaml.replace("protocol: http", "protocol: tcp"));

    JsonNode effects = json(told).path("effects");
    assertThat(effects.path("interrupted").asInt(0)).isEqualTo(1);
    JsonNode warning = effects.path("dataplanes").path(0).path("warnings").path(0);
    assertThat(warning.path("origin").asString("")).isEqualTo("Dataplane s7");
    assertThat(warning.path("field").asString(""))
        .isEqualTo("networking.inbound[0].tags[\"kuma.io/protocol\"]");
    assertThat(warning.path("consequence").asString("")).contains("10.2.0.7:15000", "drained");
  }

  @Test
  void aDryRunReadsAsText() {
    String yaml = alone("told", Samples.dataplane("s8", "10.2.0.8"));
    sluice.yaml("PUT", "/meshes/told/dataplanes/s8", yaml);

    HttpResponse<String> told =
        sluice.yaml(
            "POST", "/apply?dryRun=true", yaml.replace("15000", "15100"), "Accept", "text/plain");

    assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
    assertThat(told.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
    assertThat(told.body().lines())
        .startsWith(
            "# Dataplane told/s8: updated",
            "# 1 dataplane changes, 1 with warnings",
            "# Dataplane told/s8: 6 files change",
            "# warning: Dataplane s8, networking.inbound[0]: Envoy stops listening on"
                + " 10.2.0.8:15000: new connections are refused, open ones are drained within"
                + " 30 s")
        .contains(
            "--- a/told/s8/envoy/listeners/inbound-10.2.0.8-15000.json",
            "+++ /dev/null",
            "--- /dev/null",
            "+++ b/told/s8/envoy/listeners/inbound-10.2.0.8-15100.json");
  }

  /** A Dataplane in a mesh of its own, so that the tests' other ones do not see what it offers. */
  private String alone(String mesh, String dataplane) {
    sluice.yaml("PUT", "/meshes/" + mesh, "type: Mesh\nname: " + mesh + "\n");
    return dataplane.replace("mesh: default", "mesh: " + mesh);
  }

  @Test
  void whatADryRunTriesIsGoneAfterwards() {
    long revision = lastRevision();

    sluice.yaml(
        "POST",
        "/apply?dryRun=true",
        "type: Mesh\nname: tried\n---\n"
            + Samples.dataplane("s9", "10.2.0.9").replace("mesh: default", "mesh: tried"));

    assertThat(sluice.get("/meshes/tried").statusCode()).isEqualTo(404);
    assertThat(lastRevision()).isEqualTo(revision);
    assertThat(
            sluice
                .part(JdbcTemplate.class)
                .queryForObject(
                    "select count(*) from pg_locks where locktype = 'advisory'"
                        // The control plane's own, for what one of its replicas does.
                        + " and (classid::bigint << 32 | objid::bigint)"
                        + " <> hashtextextended('sluice/discovery', 0)",
                    Long.class))
        .isZero();
  }

  @Test
  void aPolicyThatSelectsOneDataplaneConcernsNoOther() {
    sluice.yaml("PUT", "/meshes/sparing", "type: Mesh\nname: sparing\n");
    for (int i = 1; i <= 20; i++) {
      sluice.yaml(
          "POST",
          "/apply",
          Samples.dataplane("v" + i, "10.3.0." + i).replace("mesh: default", "mesh: sparing"));
    }
    long rendered = rendered();

    HttpResponse<String> told =
        sluice.yaml(
            "POST",
            "/apply?dryRun=true",
            """
            type: MeshTransparentProxy
            mesh: sparing
            name: one
            spec:
              targetRef: {kind: Dataplane, name: v7}
              default: {mode: iptables}
            """);

    assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
    assertThat(json(told).path("effects").path("total").asInt(0)).isEqualTo(1);
    assertThat(rendered() - rendered).as("bundles rendered").isEqualTo(2);
  }

  @Test
  void moreThanAHundredDataplanesAreCounted() {
    sluice.yaml("PUT", "/meshes/crowd", "type: Mesh\nname: crowd\n");
    StringBuilder stream = new StringBuilder();
    for (int i = 1; i <= 120; i++) {
      stream
          .append("---\n")
          .append(
              Samples.dataplane("c" + i, "10.4.0." + i).replace("mesh: default", "mesh: crowd"));
    }

    JsonNode effects =
        json(sluice.yaml("POST", "/apply?dryRun=true", stream.toString())).path("effects");

    assertThat(effects.path("total").asInt(0)).isEqualTo(120);
    assertThat(effects.path("dataplanes")).hasSize(100);
  }

  private long rendered() {
    return sluice.part(MeterRegistry.class).get("sluice.bundles.rendered").timer().count();
  }

  private long lastRevision() {
    Long last =
        sluice
            .part(JdbcTemplate.class)
            .queryForObject("select max(revision) from history", Long.class);
    return last == null ? 0 : last;
  }
}
