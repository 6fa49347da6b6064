package io.sluice.acceptance.process;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an operator does by curl, through the relay to the control plane's own loopback. */
public final class OperatorClient implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final Pattern FINGERPRINT =
      Pattern.compile("\"fingerprint\"\\s*:\\s*\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(LIMIT).build();
  private final URI base;

  /**
   * @param port of this machine's loopback, where the API is
   */
  public OperatorClient(int port) {
    this.base = URI.create("http://127.0.0.1:" + port);
  }

  /** Where the API is. */
  public URI base() {
    return base;
  }

  /** Sends a YAML document to a collection. */
  public HttpResponse<String> postYaml(String path, String yaml) {
    return send("POST", path, "application/yaml", yaml);
  }

  /** Stores a YAML document under its name. */
  public HttpResponse<String> putYaml(String path, String yaml) {
    return send("PUT", path, "application/yaml", yaml);
  }

  /** Reads. */
  public HttpResponse<String> get(String path) {
    return send(request(path).GET().build());
  }

  /** Deletes. */
  public HttpResponse<String> delete(String path) {
    return send(request(path).DELETE().build());
  }

  /** The fingerprint of the authority whose certificates agents accept. */
  public String fingerprint() {
    HttpResponse<String> answer = get("/agents/ca");
    Matcher found = FINGERPRINT.matcher(answer.body());
    if (!found.find()) {
      throw new IllegalStateException("no authority: " + answer.statusCode() + answer.body());
    }
    return found.group(1);
  }

  /** A token for one dataplane's agent. */
  public String token(String mesh, String name) {
    String wanted = "{\"mesh\":\"%s\",\"name\":\"%s\",\"validFor\":\"24h\"}".formatted(mesh, name);
    HttpResponse<String> answer = send("POST", "/tokens/dataplane", "application/json", wanted);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("no token: " + answer.statusCode() + " " + answer.body());
    }
    return answer.body().strip();
  }

  private HttpResponse<String> send(String method, String path, String type, String body) {
    BodyPublisher publisher = BodyPublishers.ofString(body);
    return send(request(path).header("Content-Type", type).method(method, publisher).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException(request.uri().toString()));
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
