package io.sluice.controlplane.api;

import static io.sluice.controlplane.ControlPlane.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.ControlPlane;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResourceApiTest {

  private static final String DATAPLANES = "/meshes/default/dataplanes";
  private final ControlPlane sluice = ControlPlane.shared();

  @Test
  void aRequestThatIsNoHttpIsAProblemAndNamesNoServer() throws IOException {
    for (String broken :
        new String[] {
          "GET /a{b HTTP/1.1\r\nHost: localhost",
          "GET /a%2 HTTP/1.1\r\nHost: localhost",
          "GET /meshes/%2f HTTP/1.1\r\nHost: localhost",
          "GARBAGE",
          "GET / HTTP/1.1\r\nHost: a b",
          "PUT /meshes/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: x",
          "GET / HTTP/3.9\r\nHost: localhost"
        }) {
      String answer = raw(broken);
      assertThat(answer)
          .as(broken)
          .containsAnyOf("HTTP/1.1 400", "HTTP/1.1 505")
          .contains("application/problem+json")
          .contains("\"title\":")
          .doesNotContainIgnoringCase("tomcat")
          .doesNotContain("<html");
    }
  }

  @Test
  void anAcceptHeaderThatNamesNoTypeIsToldWhatThereIs() {
    HttpResponse<String> answer = sluice.get("/meshes", "Accept", "bogus");

    assertThat(answer.statusCode()).isEqualTo(406);
    assertThat(json(answer).path("detail").stringValue())
        .contains("application/json")
        .contains("application/yaml");
  }

  @Test
  void aPostWithIfMatchIsToldToPut() {
    HttpResponse<String> answer =
        sluice.yaml(
            "POST", DATAPLANES, Samples.dataplane("post-match", "10.1.0.90"), "If-Match", "\"7\"");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("If-Match").contains(DATAPLANES + "/post-match");
    assertThat(sluice.get(DATAPLANES + "/post-match").statusCode()).isEqualTo(404);
  }

  private String raw(String request) throws IOException {
    URI operators = URI.create(sluice.operatorsUrl());
    try (Socket socket = new Socket(operators.getHost(), operators.getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write((request + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aPostedDataplaneIsCreatedAtItsLocation() {
    HttpResponse<String> created =
        sluice.yaml("POST", DATAPLANES, Samples.dataplane("post-1", "10.1.0.1"));

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("Location"))
        .contains(sluice.operatorsUrl() + DATAPLANES + "/post-1");
    assertThat(created.body()).isEqualTo("{}");
  }

  @Test
  void theSamePostAgainIsNoErrorAndAnotherContentIsAConflict() {
    sluice.yaml("POST", DATAPLANES, Samples.dataplane("post-2", "10.1.0.2"));

    assertThat(
            sluice.yaml("POST", DATAPLANES, Samples.dataplane("post-2", "10.1.0.2")).statusCode())
        .isEqualTo(200);
    assertThat(
            sluice.yaml("POST", DATAPLANES, Samples.dataplane("post-2", "10.1.0.3")).statusCode())
        .isEqualTo(409);
  }

  @Test
  void aReadHasATagWithWhichItIsNotSentAgain() {
    sluice.yaml("PUT", DATAPLANES + "/tag-1", Samples.dataplane("tag-1", "10.1.0.4"));
    String tag = sluice.get(DATAPLANES + "/tag-1").headers().firstValue("ETag").orElseThrow();

    assertThat(sluice.get(DATAPLANES + "/tag-1", "If-None-Match", tag).statusCode()).isEqualTo(304);
  }

  @Test
  void everyReadHasATag() {
    sluice.yaml("PUT", DATAPLANES + "/tag-2", Samples.dataplane("tag-2", "10.1.0.5"));

    for (String path :
        new String[] {
          "/",
          "/meshes",
          "/meshes/default",
          DATAPLANES,
          "/dataplanes",
          DATAPLANES + "/tag-2",
          DATAPLANES + "/tag-2/_bundle",
          DATAPLANES + "/tag-2/_bundle/agent.properties",
          DATAPLANES + "/tag-2/_revisions",
          DATAPLANES + "/tag-2/_overview",
          DATAPLANES + "/tag-2/xds",
          DATAPLANES + "/_overview",
          "/mesh-insights",
          "/fleet",
          "/tokens",
          "/agents/ca"
        }) {
      HttpResponse<String> read = sluice.get(path);
      assertThat(read.statusCode()).as(path).isEqualTo(200);
      String tag = read.headers().firstValue("ETag").orElse("");
      assertThat(tag).as("ETag of " + path).isNotEmpty();
      assertThat(sluice.get(path, "If-None-Match", tag).statusCode()).as(path).isEqualTo(304);
    }
  }

  @Test
  void aWriteAgainstAnotherRevisionIsRefused() {
    String path = DATAPLANES + "/match-1";
    sluice.yaml("PUT", path, Samples.dataplane("match-1", "10.1.0.6"));
    String tag = sluice.get(path).headers().firstValue("ETag").orElseThrow();

    assertThat(
            sluice
                .yaml("PUT", path, Samples.dataplane("match-1", "10.1.0.7"), "If-Match", "\"0\"")
                .statusCode())
        .isEqualTo(412);
    assertThat(
            sluice
                .yaml("PUT", path, Samples.dataplane("match-1", "10.1.0.7"), "If-Match", tag)
                .statusCode())
        .isEqualTo(200);
    assertThat(
            sluice
                .yaml("PUT", path, Samples.dataplane("match-1", "10.1.0.7"), "If-None-Match", "*")
                .statusCode())
        .isEqualTo(412);
    assertThat(sluice.send("DELETE", path, "", "If-Match", tag).statusCode()).isEqualTo(412);
  }

  @Test
  void aDeletionAnswers200AndThenTheResourceIsGone() {
    String path = DATAPLANES + "/delete-1";
    sluice.yaml("PUT", path, Samples.dataplane("delete-1", "10.1.0.8"));

    assertThat(sluice.send("DELETE", path, "").statusCode()).isEqualTo(200);
    assertThat(sluice.get(path).statusCode()).isEqualTo(404);
    assertThat(sluice.send("DELETE", path, "").statusCode()).isEqualTo(404);
  }

  @Test
  void yamlComesBackInBlockStyle() {
    sluice.yaml("PUT", DATAPLANES + "/yaml-1", Samples.dataplane("yaml-1", "10.1.0.9"));

    for (String type : new String[] {"application/yaml", "text/yaml", "application/x-yaml"}) {
      HttpResponse<String> read = sluice.get(DATAPLANES + "/yaml-1", "Accept", type);
      assertThat(read.headers().firstValue("Content-Type").orElse("")).startsWith(type);
      assertThat(read.body())
          .startsWith("type: Dataplane\nmesh: default\nname: yaml-1\ncreationTime: ")
          .contains("  inbound:\n  - port: 15000\n    servicePort: 5000\n");
    }
  }

  @Test
  void whatIsNeitherJsonNorYamlIsNotOffered() {
    assertThat(sluice.get("/meshes", "Accept", "image/png").statusCode()).isEqualTo(406);
  }

  @Test
  void allViolationsAreToldAtOnceWithThoseOfThePath() {
    HttpResponse<String> refused =
        sluice.yaml(
            "PUT",
            DATAPLANES + "/path-name",
            """
            type: Dataplane
            mesh: other
            name: body-name
            networking:
              address: 0.0.0.0
              inbound:
              - port: 70000
                tags: {}
            """);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json(refused).path("invalid_parameters"))
        .extracting(each -> each.path("field").asString(""))
        .contains(
            "mesh",
            "name",
            "networking.address",
            "networking.inbound[0].port",
            "networking.inbound[0].tags[\"kuma.io/service\"]");
  }

  @Test
  void yamlThatCantBeReadIsToldWithLineAndColumn() {
    HttpResponse<String> refused =
        sluice.yaml("PUT", DATAPLANES + "/broken", "type: Dataplane\nmesh: [default\nname: x\n");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).path("line").asInt(0)).isPositive();
    assertThat(json(refused).path("column").asInt(0)).isPositive();
  }

  @Test
  void aBodyOverOneMebibyteIsRefused() {
    assertThat(
            sluice.yaml("PUT", DATAPLANES + "/large", "# " + "x".repeat(1024 * 1024)).statusCode())
        .isEqualTo(413);
  }

  @Test
  void anUnknownMeshOrResourceIsNotFound() {
    assertThat(sluice.get("/meshes/nowhere").statusCode()).isEqualTo(404);
    assertThat(sluice.get("/meshes/nowhere/dataplanes").statusCode()).isEqualTo(404);
    assertThat(sluice.get(DATAPLANES + "/nobody").statusCode()).isEqualTo(404);
    assertThat(
            sluice
                .yaml(
                    "PUT",
                    "/meshes/nowhere/dataplanes/x",
                    Samples.dataplane("x", "10.1.0.10").replace("mesh: default", "mesh: nowhere"))
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void anAddressThatAnotherDataplaneHasIsAConflictUntilItIsReplaced() {
    sluice.yaml("PUT", DATAPLANES + "/claim-1", Samples.dataplane("claim-1", "10.1.0.11"));
    String claimant = Samples.dataplane("claim-2", "10.1.0.11");

    HttpResponse<String> refused = sluice.yaml("PUT", DATAPLANES + "/claim-2", claimant);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("claim-1").contains("replaces=claim-1");

    assertThat(sluice.yaml("PUT", DATAPLANES + "/claim-2?replaces=claim-1", claimant).statusCode())
        .isEqualTo(201);
    assertThat(sluice.get(DATAPLANES + "/claim-1").statusCode()).isEqualTo(404);
  }

  @Test
  void aListIsReadPageByPage() {
    sluice.yaml("PUT", "/meshes/paged", "type: Mesh\nname: paged\n");
    for (int i = 1; i <= 5; i++) {
      sluice.yaml(
          "PUT",
          "/meshes/paged/dataplanes/p" + i,
          Samples.dataplane("p" + i, "10.1.1." + i).replace("mesh: default", "mesh: paged"));
    }

    HttpResponse<String> first = sluice.get("/meshes/paged/dataplanes?size=2&name=p");
    assertThat(json(first).path("total").asInt(0)).isEqualTo(5);
    assertThat(json(first).path("items")).hasSize(2);
    String next = json(first).path("next").asString("");
    assertThat(next)
        .startsWith(sluice.operatorsUrl() + "/meshes/paged/dataplanes?")
        .contains("name=p");

    HttpResponse<String> second = sluice.get(next.substring(sluice.operatorsUrl().length()));
    assertThat(json(second).path("items"))
        .extracting(item -> item.path("name").asString(""))
        .containsExactly("p3", "p4");
  }

  @Test
  void aListTakesNoSizeOverAThousandAndNoOffsetOfOnesOwn() {
    assertThat(sluice.get("/dataplanes?size=1001").statusCode()).isEqualTo(400);
    assertThat(sluice.get("/dataplanes?size=0").statusCode()).isEqualTo(400);
    assertThat(sluice.get("/dataplanes?size=many").statusCode()).isEqualTo(400);
    assertThat(sluice.get("/dataplanes?offset=%21").statusCode()).isEqualTo(400);
    assertThat(sluice.get("/dataplanes?tag=x").statusCode()).isEqualTo(400);
    assertThat(sluice.get("/dataplanes?gateway=maybe").statusCode()).isEqualTo(400);
  }

  @Test
  void aMeshWithDataplanesIsNotDeleted() {
    sluice.yaml("PUT", "/meshes/used", "type: Mesh\nname: used\n");
    sluice.yaml(
        "PUT",
        "/meshes/used/dataplanes/u1",
        Samples.dataplane("u1", "10.1.2.1").replace("mesh: default", "mesh: used"));

    assertThat(sluice.send("DELETE", "/meshes/used", "").statusCode()).isEqualTo(400);
    sluice.send("DELETE", "/meshes/used/dataplanes/u1", "");
    assertThat(sluice.send("DELETE", "/meshes/used", "").statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsKnownButNotActedOnIsAWarning() {
    HttpResponse<String> written =
        sluice.yaml(
            "PUT",
            DATAPLANES + "/warn-1",
            Samples.dataplane("warn-1", "10.1.0.12") + "metrics:\n  type: prometheus\n");

    assertThat(written.statusCode()).isEqualTo(201);
    assertThat(json(written).path("warnings").toString()).contains("metrics");
  }

  @Test
  void theNextPageOfAFilterWithEscapesIsReachedByItsLink() {
    for (String name : new String[] {"esc-1", "esc-2"}) {
      sluice.yaml(
          "PUT",
          DATAPLANES + "/" + name,
          Samples.dataplane(name, "10.1.3." + name.charAt(4)).replace("app", "escaped"));
    }

    HttpResponse<String> first =
        sluice.get("/dataplanes?size=1&tag=kuma.io%2Fservice%3Aescaped&name=esc%2D");
    String next = json(first).path("next").asString("");
    HttpResponse<String> second = sluice.get(next.substring(sluice.operatorsUrl().length()));

    assertThat(json(second).path("total").asInt(0)).isEqualTo(2);
    assertThat(json(second).path("items"))
        .extracting(item -> item.path("name").asString(""))
        .containsExactly("esc-2");
  }

  @Test
  void aParameterThatIsNoTextIsABadRequest() {
    for (String path :
        new String[] {
          "/dataplanes?name=%00",
          "/dataplanes?name=%ff",
          "/dataplanes?tag=a:%00",
          "/tokens?mesh=%00"
        }) {
      assertThat(sluice.get(path).statusCode()).as(path).isEqualTo(400);
    }
    assertThat(
            sluice
                .yaml(
                    "PUT",
                    DATAPLANES + "/bad-1?replaces=%00",
                    Samples.dataplane("bad-1", "10.1.3.9"))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void aDataplaneOfWhichNoBundleCanBeMadeHidesNoOther() {
    String named = Samples.dataplane("named-1", "named-1.example.org");
    sluice.yaml("PUT", DATAPLANES + "/named-1", named);

    HttpResponse<String> bundle = sluice.get(DATAPLANES + "/named-1/_bundle");
    HttpResponse<String> fleet = sluice.get("/fleet?name=named-1");
    HttpResponse<String> dryRun =
        sluice.yaml("POST", "/apply?dryRun=true", named.replace("named-1", "named-2"));

    assertThat(bundle.statusCode()).isEqualTo(422);
    assertThat(json(bundle).path("invalid_parameters").path(0).path("field").asString(""))
        .isEqualTo("networking.address");
    assertThat(json(fleet).path("items").path(0).path("state").asString(""))
        .isEqualTo("unrenderable");
    assertThat(json(fleet).path("items").path(0).path("problem").asString(""))
        .contains("networking.address");
    assertThat(json(dryRun).path("effects").path("dataplanes").path(0).path("problem").toString())
        .contains("networking.address");
    sluice.send("DELETE", DATAPLANES + "/named-1", "");
  }

  @Test
  void aBodyThatDoesNotArriveWholeIsABadRequest() throws IOException {
    URI here = URI.create(sluice.operatorsUrl());
    try (Socket client = new Socket(here.getHost(), here.getPort())) {
      client
          .getOutputStream()
          .write(
              """
              POST /apply HTTP/1.1\r
              Host: localhost\r
              Content-Type: application/yaml\r
              Transfer-Encoding: chunked\r
              Connection: close\r
              \r
              no length\r
              """
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 400")
          .contains("application/problem+json");
    }
  }
}
