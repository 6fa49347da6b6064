package io.sluice.controlplane.api;

import static io.sluice.controlplane.ControlPlane.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.ControlPlane;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenApiTest {

  private final ControlPlane sluice = ControlPlane.shared();

  @Test
  void aTokenForAMeshThatDoesNotExistIsRefused() {
    HttpResponse<String> answer = post("{\"mesh\": \"nowhere\", \"name\": \"web-01\"}");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(json(answer).path("invalid_parameters").get(0).path("field").stringValue())
        .isEqualTo("mesh");
  }

  @Test
  void aTokenIsTheWholeBodyAndItsExpiryAHeader() {
    HttpResponse<String> issued =
        post(
            "{\"name\": \"t1\", \"mesh\": \"default\", \"tags\": {}, \"type\": \"dataplane\", \"validFor\": \"1h30m\"}");

    assertThat(issued.statusCode()).isEqualTo(200);
    assertThat(issued.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(issued.body()).matches("sluice_dp_[A-Za-z0-9_-]{43}");
    assertThat(expiry(issued)).isBetween(in(Duration.ofMinutes(85)), in(Duration.ofMinutes(95)));
  }

  @Test
  void withoutValidForATokenLastsADay() {
    assertThat(expiry(post("{\"name\": \"t2\"}")))
        .isBetween(in(Duration.ofHours(23)), in(Duration.ofHours(25)));
  }

  @Test
  void aTokenForTagsOrForNobodyIsRefusedWithAllReasons() {
    HttpResponse<String> refused =
        post(
            "{\"tags\": {\"kuma.io/service\": [\"app\"]}, \"validFor\": \"soon\", \"type\": \"ingress\"}");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).path("invalid_parameters"))
        .extracting(each -> each.path("field").asString(""))
        .containsExactlyInAnyOrder("name", "tags", "validFor", "type");
  }

  @Test
  void aTokenIsListedWithoutItsSecretAndRevoked() {
    String secret = post("{\"name\": \"t3\"}").body();
    HttpResponse<String> listed = sluice.get("/tokens?name=t3");
    assertThat(listed.body()).contains("\"name\":\"t3\"").doesNotContain(secret);
    long id = json(listed).path("items").path(0).path("id").asLong(0);

    assertThat(
            sluice
                .agent("GET", "/agent/v1/bundle", "", "Authorization", "Bearer " + secret)
                .statusCode())
        .isEqualTo(404);
    assertThat(sluice.send("DELETE", "/tokens/" + id, "").statusCode()).isEqualTo(200);
    assertThat(
            sluice
                .agent("GET", "/agent/v1/bundle", "", "Authorization", "Bearer " + secret)
                .statusCode())
        .isEqualTo(401);
    assertThat(sluice.send("DELETE", "/tokens/0", "").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> post(String body) {
    return sluice.send("POST", "/tokens/dataplane", body, "Content-Type", "application/json");
  }

  private static Instant expiry(HttpResponse<String> issued) {
    return Instant.parse(issued.headers().firstValue("Sluice-Token-Expires").orElseThrow());
  }

  private static Instant in(Duration duration) {
    return Instant.now().plus(duration);
  }
}
