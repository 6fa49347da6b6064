package io.sluice.controlplane;

import io.sluice.controlplane.postgres.TestServer;
import io.sluice.controlplane.security.AgentsListener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole application on a real PostgreSQL, with free ports: one for all tests of a run, each of
 * which uses names of its own.
 */
public final class ControlPlane {

  static {
    // Tests of the guard send foreign Host headers.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final ControlPlane SHARED = new ControlPlane();

  private final ConfigurableApplicationContext context;
  private final HttpClient operators =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final HttpClient agents;

  private ControlPlane() {
    TestServer.Address database = TestServer.freshDatabase();
    context =
        new SpringApplicationBuilder(SluiceControlPlane.class)
            .logStartupInfo(false)
            .run(
                "--sluice.port=0",
                "--sluice.agents.port=0",
                "--sluice.database.url=" + database.url(),
                "--sluice.database.username=" + database.username(),
                "--sluice.database.password=" + database.password());
    Runtime.getRuntime().addShutdownHook(new Thread(context::close));
    String pinned = JSON.readTree(get("/agents/ca").body()).path("fingerprint").asString("");
    agents = HttpClient.newBuilder().sslContext(trusting(pinned)).build();
  }

  /** The one of this run. */
  public static ControlPlane shared() {
    return SHARED;
  }

  /** A part of the running application. */
  public <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  /** The address of the operators' API. */
  public String operatorsUrl() {
    return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
  }

  /** The address of the agents' listener. */
  public String agentsUrl() {
    return "https://127.0.0.1:" + context.getBean(AgentsListener.class).port();
  }

  /** GET on the operators' API. */
  public HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  /** A request without body on the operators' API, or with one if a Content-Type is given. */
  public HttpResponse<String> send(String method, String path, String body, String... headers) {
    return exchange(operators, request(method, operatorsUrl() + path, body, headers));
  }

  /** A YAML body on the operators' API. */
  public HttpResponse<String> yaml(String method, String path, String body, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = "application/yaml";
    return send(method, path, body, all);
  }

  /** A request on the agents' listener, whose certificate is checked against the pinned one. */
  public HttpResponse<byte[]> agent(String method, String path, String body, String... headers) {
    try {
      return agents.send(
          request(method, agentsUrl() + path, body, headers), BodyHandlers.ofByteArray());
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new token of a dataplane. */
  public String token(String mesh, String name) {
    return send(
            "POST",
            "/tokens/dataplane",
            "{\"mesh\": \"%s\", \"name\": \"%s\"}".formatted(mesh, name),
            "Content-Type",
            "application/json")
        .body();
  }

  /** The body as a tree. */
  public static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  private static HttpRequest request(String method, String url, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(60));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request
        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
        .build();
  }

  private static HttpResponse<String> exchange(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext trusting(String fingerprint) {
    try {
      SSLContext tls = SSLContext.getInstance("TLSv1.3");
      tls.init(null, new TrustManager[] {new PinnedTrust(fingerprint)}, null);
      return tls;
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
