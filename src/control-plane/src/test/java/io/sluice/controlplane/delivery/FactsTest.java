package io.sluice.controlplane.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.controlplane.ControlPlane;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FactsTest {

  private static final String FACTS =
      """
      addresses=10.0.0.5/24,fd00:0:0:0:0:0:0:5/64
      backend=nf_tables
      backends.populated=nf_tables
      dns.servers=10.0.0.2
      foreign=docker
      foreign.rules=12
      format=1
      interfaces=docker0,eth0,lo
      ipv6=true
      resolver=dnsmasq 2.90
      sshd.ports=22,2222
      """;

  private final ControlPlane sluice = ControlPlane.shared();
  private String[] token = {};

  @BeforeEach
  void makeDataplane() {
    sluice.yaml(
        "PUT",
        "/meshes/default/dataplanes/facts",
        """
        networking:
          address: 10.7.0.1
          inbound:
          - {port: 80, tags: {kuma.io/service: facts}}
          transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}
        """);
    token = new String[] {"Authorization", "Bearer " + sluice.token("default", "facts")};
  }

  @Test
  void aPollThatNamesOtherFactsIsAskedForThemAndTheBundleIsMadeForTheHost() {
    awaitPoll("", 200);
    assertThat(poll(sha256(FACTS)).statusCode()).isEqualTo(428);

    assertThat(put(FACTS).statusCode()).isEqualTo(204);

    awaitPoll(sha256(FACTS), 200);
    assertThat(sluice.get("/meshes/default/dataplanes/facts/_host").body())
        .contains("\"sshdPorts\":[22,2222]")
        .contains("\"resolver\":\"dnsmasq 2.90\"");
    assertThat(sluice.get("/meshes/default/dataplanes/facts/_bundle/iptables/v4.rules").body())
        .contains("2222");
    assertThat(sluice.get("/meshes/default/dataplanes/facts/_bundle").body())
        .contains("\"assumptions\":[]");
    String etag = etag();
    assertThat(put(FACTS).statusCode()).isEqualTo(204);
    assertThat(etag()).as("equal facts write nothing").isEqualTo(etag);
  }

  @Test
  void factsThatCanNotBeAreRefusedWithEveryKey() {
    HttpResponse<byte[]> refused =
        put(FACTS.replace("ipv6=true", "ipv6=maybe").replace("22,2222", "22,99999") + "more=1\n");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(new String(refused.body(), StandardCharsets.UTF_8))
        .contains("ipv6")
        .contains("sshd.ports")
        .contains("more");
  }

  @Test
  void factsGoWithTheirDataplane() {
    put(FACTS);
    sluice.send("DELETE", "/meshes/default/dataplanes/facts", "");

    assertThat(sluice.get("/meshes/default/dataplanes/facts/_host").statusCode()).isEqualTo(404);
    assertThat(put(FACTS).statusCode()).isEqualTo(404);
    makeDataplane();
    assertThat(sluice.get("/meshes/default/dataplanes/facts/_host").statusCode()).isEqualTo(404);
  }

  private String etag() {
    return sluice
        .get("/meshes/default/dataplanes/facts/_host")
        .headers()
        .firstValue("ETag")
        .orElseThrow();
  }

  private void awaitPoll(String facts, int status) {
    await().untilAsserted(() -> assertThat(poll(facts).statusCode()).isEqualTo(status));
  }

  private HttpResponse<byte[]> poll(String facts) {
    return facts.isEmpty()
        ? sluice.agent("GET", "/agent/v1/bundle", "", token)
        : sluice.agent("GET", "/agent/v1/bundle", "", token[0], token[1], "Sluice-Facts", facts);
  }

  private HttpResponse<byte[]> put(String facts) {
    return sluice.agent("PUT", "/agent/v1/facts", facts, token);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
