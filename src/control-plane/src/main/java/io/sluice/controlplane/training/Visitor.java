package io.sluice.controlplane.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An operator, or an agent, who does a little of everything. */
final class Visitor {

  static final String TRANSPARENT = "training-1";

  private static final String EXPLICIT = "training-2";
  private static final String DATAPLANES = "/meshes/default/dataplanes/";
  private static final int POLLS = 50;
  private static final String YAML = "application/yaml";
  private static final String JSON = "application/json";

  private final String base;
  private final @Nullable String token;
  private final @Nullable SSLContext trust;

  /** An operator. */
  Visitor(String base) {
    this.base = base;
    this.token = null;
    this.trust = null;
  }

  /** An agent. */
  Visitor(String base, String token, X509Certificate authority) throws IOException {
    this.base = base;
    this.token = token;
    this.trust = trusting(authority);
  }

  void operate(int rounds) throws IOException {
    for (int round = 0; round < rounds; round++) {
      int servicePort = 1_024 + round;
      exchange("PUT", DATAPLANES + TRANSPARENT, JSON, transparent(servicePort));
      exchange("PUT", DATAPLANES + EXPLICIT, YAML, explicit(servicePort));
      read(DATAPLANES + TRANSPARENT, JSON);
      read("/meshes/default/dataplanes?size=100", JSON);
    }
    exchange("POST", "/apply", YAML, explicit(5000));
    read(DATAPLANES + EXPLICIT, YAML);
    read(DATAPLANES + TRANSPARENT + "/_bundle", JSON);
    read(DATAPLANES + EXPLICIT + "/_bundle", JSON);
    read("/meshes", JSON);
    read("/", JSON);
    read("/health/readiness", JSON);
    read("/metrics", "text/plain");
    read("/v3/api-docs", JSON);
  }

  void poll() throws IOException {
    for (int round = 0; round < POLLS; round++) {
      read("/agent/v1/bundle", "application/zip");
      exchange("POST", "/agent/v1/status", "text/plain", "state=running\nmode=iptables\n");
    }
  }

  void leave() throws IOException {
    exchange("DELETE", DATAPLANES + TRANSPARENT, JSON, "");
  }

  private void read(String path, String accept) throws IOException {
    exchange("GET", path, accept, "");
  }

  private void exchange(String method, String path, String type, String body) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(base + path).toURL().openConnection();
    if (connection instanceof HttpsURLConnection secure && trust != null) {
      secure.setSSLSocketFactory(trust.getSocketFactory());
      secure.setHostnameVerifier((name, session) -> true); // agents compare no names either
    }
    if (token != null) {
      connection.setRequestProperty("Authorization", "Bearer " + token);
    }
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

  private static SSLContext trusting(X509Certificate authority) throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", authority);
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
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
