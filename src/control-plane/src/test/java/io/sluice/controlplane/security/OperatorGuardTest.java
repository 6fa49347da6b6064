package io.sluice.controlplane.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.ControlPlane;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorGuardTest {

  private final ControlPlane sluice = ControlPlane.shared();

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:5681", "127.0.0.1:80", "127.9.9.9", "[::1]:5681"})
  void aLoopbackNameIsOurs(String host) {
    assertThat(sluice.get("/meshes", "Host", host).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[fe80::1]",
        "localhost@evil.example",
        "0177.0.0.1",
        "2130706433"
      })
  void aForeignHostIsRefused(String host) {
    HttpResponse<String> refused = sluice.get("/meshes", "Host", host);

    assertThat(refused.statusCode()).isIn(400, 403);
    assertThat(refused.body()).doesNotContain("\"items\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"})
  void aForeignOriginIsRefused(String origin) {
    HttpResponse<String> refused = sluice.get("/meshes", "Origin", origin);

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void ourOwnOriginIsLetThrough() {
    assertThat(sluice.get("/meshes", "Origin", sluice.operatorsUrl()).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void aRequestThatAnotherSiteCausedIsRefused(String site) {
    assertThat(sluice.get("/meshes", "Sec-Fetch-Site", site).statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"same-origin", "none"})
  void aRequestOfOurOwnPagesOrOfTheUserIsLetThrough(String site) {
    assertThat(sluice.get("/meshes", "Sec-Fetch-Site", site).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/octet-stream",
        "nonsense"
      })
  void aBodyThatIsNoDocumentIsRefusedWithWhatIsAllowed(String type) {
    HttpResponse<String> refused =
        sluice.send(
            "POST", "/meshes", "{\"type\":\"Mesh\",\"name\":\"form\"}", "Content-Type", type);

    assertThat(refused.statusCode()).isEqualTo(415);
    assertThat(refused.body()).contains("application/yaml");
    assertThat(sluice.get("/meshes/form").statusCode()).isEqualTo(404);
  }

  @Test
  void aBodyWithoutTypeIsRefused() {
    assertThat(sluice.send("POST", "/meshes", "{}").statusCode()).isEqualTo(415);
  }

  @Test
  void noAnswerAllowsAnotherOrigin() {
    HttpResponse<String> preflight =
        sluice.send(
            "OPTIONS",
            "/meshes",
            "",
            "Origin",
            "https://evil.example",
            "Access-Control-Request-Method",
            "PUT");

    assertThat(preflight.statusCode()).isEqualTo(403);
    assertThat(preflight.headers().map().keySet())
        .noneMatch(
            header -> header.toLowerCase(java.util.Locale.ROOT).startsWith("access-control"));
    assertThat(sluice.get("/meshes").headers().map().keySet())
        .noneMatch(
            header -> header.toLowerCase(java.util.Locale.ROOT).startsWith("access-control"));
  }
}
