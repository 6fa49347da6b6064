package io.sluice.controlplane.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** An operator who does a little of everything, in JSON and in YAML. */
final class Visitor {

  private static final String DATAPLANES = "/meshes/default/dataplanes";
  private static final String YAML = "application/yaml";
  private static final String JSON = "application/json";

  private final int port;

  Visitor(int port) {
    this.port = port;
  }

  void visit(int rounds) throws IOException {
    for (int round = 0; round < rounds; round++) {
      int servicePort = 1_024 + round;
      exchange("PUT", DATAPLANES + "/training-1", JSON, transparent(servicePort));
      exchange("PUT", DATAPLANES + "/training-2", YAML, explicit(servicePort));
      read(DATAPLANES + "/training-1", JSON);
      read(DATAPLANES + "?size=100", JSON);
    }
    exchange("POST", "/apply", YAML, explicit(5000));
    read(DATAPLANES + "/training-2", YAML);
    for (String name : new String[] {"training-1", "training-2"}) {
      read(DATAPLANES + "/" + name + "/_bundle", JSON);
    }
    read("/meshes", JSON);
    read("/", JSON);
    read("/actuator/health", JSON);
    read("/actuator/prometheus", "text/plain");
    read("/v3/api-docs", JSON);
    exchange("DELETE", DATAPLANES + "/training-1", JSON, "");
  }

  private void read(String path, String accept) throws IOException {
    exchange("GET", path, accept, "");
  }

  private void exchange(String method, String path, String type, String body) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setRequestProperty("Accept", type);
    if (!body.isEmpty()) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", type);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body.getBytes(StandardCharsets.UTF_8));
      }
    }
    int status = connection.getResponseCode();
    if (status / 100 != 2) {
      throw new IOException(method + " " + path + " was answered with " + status);
    }
    try (InputStream in = connection.getInputStream()) {
      in.readAllBytes();
    }
  }

  private static String transparent(int servicePort) {
    return """
        {"type": "Dataplane", "mesh": "default", "name": "training-1", "networking": {
          "address": "192.0.2.1",
          "inbound": [{"port": 8080, "servicePort": %d,
            "tags": {"kuma.io/service": "web", "kuma.io/protocol": "http"}}],
          "transparentProxying": {"redirectPortInbound": 15006, "redirectPortOutbound": 15001}}}
        """
        .formatted(servicePort);
  }

  private static String explicit(int servicePort) {
    return """
        type: Dataplane
        mesh: default
        name: training-2
        networking:
          address: 192.0.2.2
          inbound:
          - port: 15000
            servicePort: %d
            serviceAddress: 127.0.0.1
            tags:
              kuma.io/service: app
              kuma.io/protocol: tcp
        """
        .formatted(servicePort);
  }
}
