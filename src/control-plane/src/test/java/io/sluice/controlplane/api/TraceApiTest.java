package io.sluice.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.ControlPlane;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TraceApiTest {

  private static final String TRACE = "/meshes/default/dataplanes/traced/_trace";
  private static final String INBOUND =
      "{direction: inbound, source: 10.9.9.9, destination: 10.9.9.5, port: 5000}";

  private final ControlPlane sluice = ControlPlane.shared();

  TraceApiTest() {
    HttpResponse<String> put =
        sluice.yaml(
            "PUT",
            "/meshes/default/dataplanes/traced",
            """
            networking:
              address: 10.9.9.5
              inbound:
              - port: 5000
                tags: {kuma.io/service: traced}
              transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}
            """);
    assertThat(put.statusCode()).as(put.body()).isIn(200, 201);
  }

  @Test
  void theAnswerIsTheWayThroughRulesAndEnvoy() {
    HttpResponse<String> answer = sluice.yaml("POST", TRACE, INBOUND);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode trace = ControlPlane.json(answer);
    assertThat(trace.at("/verdict/action").asString("")).isEqualTo("redirected");
    assertThat(trace.at("/verdict/to").asString("")).isEqualTo("inbound");
    assertThat(trace.at("/verdict/port").asInt()).isEqualTo(15006);
    assertThat(trace.at("/steps/0/hook").asString("")).isEqualTo("PREROUTING");
    assertThat(trace.at("/envoy/listener").asString("")).isEqualTo("inbound:10.9.9.5:5000");
    assertThat(trace.at("/envoy/ways/0/source").asString("")).isEqualTo("127.0.0.6");
    assertThat(trace.at("/next/verdict/action").asString("")).isEqualTo("untouched");
  }

  @Test
  void thePolicyBehindARuleIsNamed() {
    HttpResponse<String> put =
        sluice.yaml(
            "PUT",
            "/meshes/default/meshtransparentproxies/traced",
            """
            spec:
              targetRef: {kind: Dataplane, name: traced}
              default: {redirect: {inbound: {excludePorts: [8080]}}}
            """);
    assertThat(put.statusCode()).as(put.body()).isIn(200, 201);

    JsonNode trace =
        ControlPlane.json(
            sluice.yaml("POST", TRACE, "{direction: inbound, destination: 10.9.9.5, port: 8080}"));

    assertThat(trace.at("/verdict/action").asString("")).isEqualTo("untouched");
    assertThat(trace.at("/verdict/setting").asString(""))
        .isEqualTo("redirect.inbound.excludePorts");
    assertThat(trace.at("/verdict/origin").asString("")).isEqualTo("MeshTransparentProxy traced");
  }

  @Test
  void theAnswerIsYamlForThoseWhoAccept() {
    HttpResponse<String> answer = sluice.yaml("POST", TRACE, INBOUND, "Accept", "application/yaml");

    assertThat(answer.body())
        .startsWith("summary: ")
        .contains("\nverdict:\n  action: redirected\n");
  }

  @Test
  void theAnswerIsTextForATerminal() {
    HttpResponse<String> answer = sluice.yaml("POST", TRACE, INBOUND, "Accept", "text/plain");

    assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain;charset=UTF-8");
    assertThat(answer.body())
        .startsWith("a new TCP connection arriving from 10.9.9.9 for 10.9.9.5:5000\n")
        .contains("listener      inbound:10.9.9.5:5000");
  }

  @Test
  void whatIsWrongWithAPacketIsToldAllAtOnce() {
    HttpResponse<String> answer =
        sluice.yaml("POST", TRACE, "{direction: sideways, destination: backend.mesh, port: 0}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(ControlPlane.json(answer).path("invalid_parameters"))
        .extracting(each -> each.path("field").asString(""))
        .containsExactlyInAnyOrder("direction", "destination", "port");
  }

  @Test
  void problemsAreToldToThoseWhoAskForTextToo() {
    assertThat(sluice.yaml("POST", TRACE, "{}", "Accept", "text/plain").statusCode())
        .isEqualTo(400);
  }

  @Test
  void aDataplaneThatDoesNotExistIsNotFound() {
    assertThat(
            sluice.yaml("POST", "/meshes/default/dataplanes/absent/_trace", INBOUND).statusCode())
        .isEqualTo(404);
  }

  @Test
  void everyExampleOfTheContractCanBeTried() {
    Examples.of(Takes.PACKET)
        .values()
        .forEach(
            example ->
                assertThat(sluice.yaml("POST", TRACE, example.yaml()).statusCode())
                    .as(example.summary())
                    .isEqualTo(200));
  }
}
