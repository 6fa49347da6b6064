package io.sluice.controlplane.api;

import static io.sluice.controlplane.ControlPlane.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.ControlPlane;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
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
    assertThat(files.toString()).contains("5000").contains("5001");
    assertThat(sluice.get(path).body()).isEqualTo(before);
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
}
