package io.sluice.controlplane.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.controlplane.http.ProblemWriter;
import io.sluice.controlplane.start.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class AdminTokenTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @Test
  void withoutATokenNothingListensBeyondLoopback() {
    for (String address : List.of("0.0.0.0", "::", "", "10.1.2.3")) {
      assertThatThrownBy(() -> start(address, null))
          .hasMessageContaining("without a credential")
          .isInstanceOfSatisfying(
              StartFailure.class,
              failure -> assertThat(failure.remedy()).contains("SLUICE_ADMIN_TOKEN"));
    }
  }

  @Test
  void withATokenItMayListenAnywhereAndOnLoopbackAlways() {
    start("0.0.0.0", SECRET);
    start("127.0.0.1", null);
    start("::1", null);
  }

  @Test
  void aShortTokenIsRefused() {
    assertThatThrownBy(() -> new AdminToken(settings("secret", null)))
        .hasMessageContaining("fewer than 16 characters");
  }

  @Test
  void theTokenMayStandInAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("token"), SECRET + "\n");

    assertThat(new AdminToken(settings(null, file)).opens("Bearer " + SECRET)).isTrue();
    assertThatThrownBy(() -> new AdminToken(settings(SECRET, file)))
        .hasMessageContaining("both set");
    assertThatThrownBy(() -> new AdminToken(settings(null, folder.resolve("none"))))
        .hasMessageContaining("can't be read");
  }

  @Test
  void everyRequestNeedsTheTokenOnceItIsSet() throws Exception {
    for (String path : List.of("/", "/meshes", "/metrics", "/swagger-ui.html", "/agents/ca")) {
      assertThat(status(path, null)).as(path).isEqualTo(401);
      assertThat(status(path, "Bearer wrong")).as(path).isEqualTo(401);
      assertThat(status(path, "Bearer " + SECRET)).as(path).isEqualTo(200);
      assertThat(status(path, "Basic " + basic("anybody:" + SECRET))).as(path).isEqualTo(200);
      assertThat(status(path, "Basic " + basic("anybody:wrong"))).as(path).isEqualTo(401);
      assertThat(status(path, "Basic %%%")).as(path).isEqualTo(401);
    }
  }

  @Test
  void healthNeedsNoToken() throws Exception {
    assertThat(status("/health", null)).isEqualTo(200);
    assertThat(status("/health/readiness", null)).isEqualTo(200);
    assertThat(status("/healthy", null)).isEqualTo(401);
  }

  private static String basic(String pair) {
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static int status(String path, @Nullable String authorization) throws Exception {
    SecuritySettings settings = settings(SECRET, null);
    OperatorGuard guard =
        new OperatorGuard(
            new OperatorHosts(settings),
            new AdminToken(settings),
            new ProblemWriter(tools.jackson.databind.json.JsonMapper.builder().build()));
    MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
    request.setServletPath(path);
    request.addHeader("Host", "localhost:5681");
    if (authorization != null) {
      request.addHeader("Authorization", authorization);
    }
    MockHttpServletResponse response = new MockHttpServletResponse();
    guard.doFilter(request, response, new MockFilterChain());
    return response.getStatus();
  }

  private static void start(String address, @Nullable String token) {
    new BindRule(
            new MockEnvironment().withProperty("server.address", address),
            new AdminToken(settings(token, null)))
        .customize(new TomcatServletWebServerFactory());
  }

  private static SecuritySettings settings(@Nullable String token, @Nullable Path file) {
    return new SecuritySettings(
        token, file, List.of(), new SecuritySettings.Agents(null, 5678, 100));
  }
}
