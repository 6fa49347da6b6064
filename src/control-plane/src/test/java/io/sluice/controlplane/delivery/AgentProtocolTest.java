package io.sluice.controlplane.delivery;

import static io.sluice.controlplane.ControlPlane.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.ControlPlane;
import io.sluice.controlplane.store.Author;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.Write;
import io.sluice.rendering.bundle.Digest;
import io.sluice.resources.discovery.ResolvedAddress;
import io.sluice.resources.net.IpAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class AgentProtocolTest {

  private static final String BUNDLE = "/agent/v1/bundle";
  private final ControlPlane sluice = ControlPlane.shared();

  @Test
  void anAgentWhoseAddressIsTakenIsNotToldToDoWhatItCanNot() {
    put("taken-1", "10.4.9.1", 5000);
    String token = sluice.token("default", "taken-2");

    HttpResponse<byte[]> answer =
        agentYaml(
            "/agent/v1/dataplane?mesh=default&name=taken-2",
            """
            networking:
              address: 10.4.9.1
              inbound:
              - port: 15000
                servicePort: 5000
                tags: {kuma.io/service: web}
            """,
            token);

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .contains("taken-1")
        .contains("operator")
        .doesNotContain("replaces");
  }

  @Test
  void theAgentsListenerServesAgentsOnly() {
    String token = sluice.token("default", "nobody");
    for (String path :
        new String[] {
          "/",
          "/meshes",
          "/health",
          "/metrics",
          "/agents/ca",
          "/swagger-ui.html",
          "/agent/sluice-agent.jar",
          "/agent/v1/../../meshes",
          "/agent/v1"
        }) {
      assertThat(agent("GET", path, "", token).statusCode()).as(path).isIn(400, 404);
    }
  }

  @Test
  void theOperatorsListenerServesNoAgents() {
    String token = sluice.token("default", "nobody");
    for (String path :
        new String[] {
          BUNDLE,
          "/agent/v1/agent.jar",
          "/agent//v1/bundle",
          "/%61gent/v1/bundle",
          "/x/../agent/v1/bundle",
          "/agent/v1;x/bundle"
        }) {
      assertThat(sluice.get(path, "Authorization", "Bearer " + token).statusCode())
          .as(path)
          .isIn(400, 404);
    }
  }

  @Test
  void nobodyGetsAnythingWithoutAToken() {
    for (String path :
        new String[] {BUNDLE, "/agent/v1/agent.jar", "/agent/v1/files/" + "0".repeat(64)}) {
      assertThat(sluice.agent("GET", path, "").statusCode()).as(path).isEqualTo(401);
      assertThat(agent("GET", path, "", "sluice_dp_" + "A".repeat(43)).statusCode())
          .as(path)
          .isEqualTo(401);
    }
  }

  @Test
  void aDataplaneThatNeverWasIsNotFoundAndADeletedOneIsGone() {
    String token = sluice.token("default", "a1");
    assertThat(agent("GET", BUNDLE, "", token).statusCode()).isEqualTo(404);

    put("a1", "10.3.0.1", 5000);
    awaitStatus(token, 200);
    sluice.send("DELETE", "/meshes/default/dataplanes/a1", "");
    HttpResponse<byte[]> gone = awaitStatus(token, 410);
    assertThat(gone.headers().firstValue("Sluice-Deleted-By")).contains("operator");
    assertThat(gone.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void whatWasCollectedOrWentWithItsAgentIsGoneWithoutAnOperatorsWill() {
    put("a73", "10.3.0.73", 5000);
    String collected = sluice.token("default", "a73");
    awaitStatus(collected, 200);
    sluice
        .part(ResourceStore.class)
        .write(
            List.of(
                new Write.Delete(
                    ResourceKey.dataplane("default", "a73"), new Write.Precondition.Anything())),
            Author.CONTROL_PLANE);
    HttpResponse<byte[]> gone = awaitStatus(collected, 410);
    assertThat(gone.headers().firstValue("Sluice-Deleted-By")).contains("collection");
    assertThat(new String(gone.body(), StandardCharsets.UTF_8))
        .contains("\"deleted_by\":\"collection\"", "put it again");

    String own = sluice.token("default", "a74");
    String path = "/agent/v1/dataplane?mesh=default&name=a74";
    String document =
        """
        networking:
          address: 10.3.0.74
          inbound: [{port: 80, servicePort: 8080, tags: {kuma.io/service: web}}]
        """;
    assertThat(agentYaml(path, document, own).statusCode()).isEqualTo(201);
    awaitStatus(own, 200);
    agent("POST", "/agent/v1/status", "state=stopping\n", own);
    assertThat(awaitStatus(own, 410).headers().firstValue("Sluice-Deleted-By")).contains("goodbye");
    assertThat(agentYaml(path, document, own).statusCode()).isEqualTo(201);
    awaitStatus(own, 200);
  }

  @Test
  void aHostThatRefusedItsFirstBundleDoesNotRunIt() {
    put("a70", "10.3.0.70", 5000);
    String token = sluice.token("default", "a70");
    String digest = tag(awaitStatus(token, 200));
    agent("POST", "/agent/v1/status", "state=rejected\nrejected=" + digest + "\n", token);

    assertThat(poll(token, digest, 0).statusCode()).isEqualTo(304);

    assertThat(json(sluice.get("/fleet?name=a70")).path("items").path(0).path("state").asString(""))
        .isEqualTo("rejected");
  }

  @Test
  void aHostWhoseAgentHasSaidGoodbyeIsOfflineAtOnceAndBackWithTheNextAgent() {
    put("a71", "10.3.0.71", 5000);
    String token = sluice.token("default", "a71");
    String digest = tag(awaitStatus(token, 200));
    poll(token, digest, 0);
    agent("POST", "/agent/v1/status", "state=stopping\napplied=" + digest + "\n", token);
    assertThat(fleetState("a71")).isEqualTo("offline");

    poll(token, digest, 0);
    agent("POST", "/agent/v1/status", "state=running\napplied=" + digest + "\n", token);
    assertThat(fleetState("a71")).isEqualTo("in-sync");
  }

  private String fleetState(String name) {
    return json(sluice.get("/fleet?name=" + name)).path("items").path(0).path("state").asString("");
  }

  @Test
  void whatAHostSaidGoesWithItsDataplaneAlsoIfItsAgentIsAway() {
    JdbcTemplate jdbc = sluice.part(JdbcTemplate.class);
    put("a72", "10.3.0.72", 5000);
    jdbc.update(
        "insert into dataplane_status (mesh, name, replica, connected, changed)"
            + " values ('default', 'a72', gen_random_uuid(), now(), now())");

    sluice.send("DELETE", "/meshes/default/dataplanes/a72", "");

    Awaitility.await()
        .until(
            () -> jdbc.queryForList("select 1 from dataplane_status where name = 'a72'").isEmpty());
  }

  @Test
  void aPackHoldsTheWholeTreeUnderItsDigests() throws IOException {
    put("a2", "10.3.0.2", 5000);
    String token = sluice.token("default", "a2");
    HttpResponse<byte[]> answer = awaitStatus(token, 200);

    Map<String, byte[]> entries = unzip(answer.body());
    String root = tag(answer);
    assertThat(entries).containsKey(root);
    entries.forEach((name, content) -> assertThat(Digest.of(content).hex()).isEqualTo(name));
    assertThat(new String(entries.get(root), StandardCharsets.UTF_8))
        .contains("  agent.properties");
    assertThat(Long.parseLong(answer.headers().firstValue("Sluice-Revision").orElseThrow()))
        .isPositive();
  }

  @Test
  void anEditWakesTheAgentThatWaitsAndThePackHoldsOnlyWhatIsNew() throws Exception {
    put("a3", "10.3.0.3", 5000);
    String token = sluice.token("default", "a3");
    HttpResponse<byte[]> first = awaitStatus(token, 200);
    CompletableFuture<HttpResponse<byte[]>> waiting =
        CompletableFuture.supplyAsync(() -> poll(token, tag(first), 30));
    Awaitility.await()
        .until(() -> sluice.get("/metrics").body().contains("sluice_agents_waiting 1.0"));

    long edited = System.nanoTime();
    put("a3", "10.3.0.3", 5001);
    HttpResponse<byte[]> woken = waiting.get(10, TimeUnit.SECONDS);

    assertThat(Duration.ofNanos(System.nanoTime() - edited)).isLessThan(Duration.ofSeconds(5));
    assertThat(woken.statusCode()).isEqualTo(200);
    assertThat(unzip(woken.body()).size()).isLessThan(unzip(first.body()).size());
    assertThat(tag(woken)).isNotEqualTo(tag(first));
  }

  @Test
  void aHostWithANameIsToldTheAddressThatTheNameHasAndAnotherOneAsSoonAsItHasThat()
      throws Exception {
    put("a4", "a4.example", 5000);
    String token = sluice.token("default", "a4");
    assertThat(new String(awaitStatus(token, 422).body(), StandardCharsets.UTF_8))
        .contains("'a4.example' is a name whose address the control plane does not know");

    resolve("a4.example", "10.3.0.4");
    HttpResponse<byte[]> first = awaitStatus(token, 200);
    CompletableFuture<HttpResponse<byte[]>> waiting =
        CompletableFuture.supplyAsync(() -> poll(token, tag(first), 30));
    Awaitility.await()
        .until(() -> sluice.get("/metrics").body().contains("sluice_agents_waiting 1.0"));
    resolve("a4.example", "10.3.0.5");
    HttpResponse<byte[]> second = waiting.get(10, TimeUnit.SECONDS);

    assertThat(text(first)).contains("inbound-10.3.0.4-15000.json");
    assertThat(text(second)).contains("inbound-10.3.0.5-15000.json");
    assertThat(sluice.get("/meshes/default/dataplanes/a4").body())
        .as("the resource itself")
        .contains("a4.example");
  }

  private void resolve(String name, String address) {
    ResolvedAddress resolved =
        new ResolvedAddress("default", name, IpAddress.parse(address).orElseThrow());
    sluice
        .part(ResourceStore.class)
        .write(
            List.of(new Write.Put(resolved, new Write.Precondition.Anything(), Optional.empty())),
            new Author("test"));
  }

  /** All files of a pack, manifests among them. */
  private static String text(HttpResponse<byte[]> pack) throws IOException {
    StringBuilder all = new StringBuilder();
    unzip(pack.body()).values().forEach(each -> all.append(new String(each, UTF_8)));
    return all.toString();
  }

  @Test
  void anAgentThatKnowsDifferencesIsSentTheNewFilesAndTheirPlacesAlone() throws IOException {
    put("a18", "10.3.0.18", 5000);
    String token = sluice.token("default", "a18");
    HttpResponse<byte[]> first = awaitStatus(token, 200);
    put("a18", "10.3.0.18", 5001);

    HttpResponse<byte[]> second =
        Awaitility.await()
            .until(() -> pollForDifference(token, tag(first)), each -> each.statusCode() == 200);

    Map<String, byte[]> entries = unzip(second.body());
    String path = "envoy/endpoints/inbound-10.3.0.18-15000.json";
    String digest =
        new String(entries.get("difference"), StandardCharsets.UTF_8)
            .replaceFirst("  " + path + "\n", "");
    assertThat(entries).containsOnlyKeys("difference", digest);
    assertThat(Digest.of(entries.getOrDefault(digest, new byte[0])).hex()).isEqualTo(digest);
  }

  @Test
  void anAgentWithAnUnknownBundleIsSentTheWholeTree() throws IOException {
    put("a19", "10.3.0.19", 5000);
    String token = sluice.token("default", "a19");
    HttpResponse<byte[]> first = awaitStatus(token, 200);

    HttpResponse<byte[]> answer = pollForDifference(token, "0".repeat(64));

    assertThat(answer.body()).isEqualTo(first.body());
  }

  @Test
  void aPollWhoseWaitIsOverIsToldThatNothingChanged() {
    put("a4", "10.3.0.4", 5000);
    String token = sluice.token("default", "a4");
    String digest = tag(awaitStatus(token, 200));

    HttpResponse<byte[]> answer = poll(token, digest, 1);

    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(poll(token, digest, 0).statusCode()).isEqualTo(304);
    assertThat(agent("GET", BUNDLE + "?wait=61", "", token).statusCode()).isEqualTo(400);
  }

  @Test
  void aRejectedBundleIsNotSentAgain() {
    put("a5", "10.3.0.5", 5000);
    String token = sluice.token("default", "a5");
    String digest = tag(awaitStatus(token, 200));

    HttpResponse<byte[]> answer =
        sluice.agent(
            "GET",
            BUNDLE,
            "",
            "Authorization",
            "Bearer " + token,
            "If-None-Match",
            "\"" + "0".repeat(64) + "\", \"" + digest + "\"");

    assertThat(answer.statusCode()).isEqualTo(304);
  }

  @Test
  void filesAreServedByDigestToTheirOwnDataplaneOnly() {
    put("a6", "10.3.0.6", 5000);
    put("a7", "10.3.0.7", 5000);
    String own = sluice.token("default", "a6");
    String other = sluice.token("default", "a7");
    String digest = tag(awaitStatus(own, 200));
    awaitStatus(other, 200);

    HttpResponse<byte[]> file = agent("GET", "/agent/v1/files/" + digest, "", own);
    assertThat(Digest.of(file.body()).hex()).isEqualTo(digest);
    assertThat(agent("GET", "/agent/v1/files/" + digest, "", other).statusCode()).isEqualTo(404);
  }

  @Test
  void whatAnAgentReportsIsShownInTheFleet() {
    put("a8", "10.3.0.8", 5000);
    String token = sluice.token("default", "a8");
    String digest = tag(awaitStatus(token, 200));

    assertThat(
            agent(
                    "POST",
                    "/agent/v1/status",
                    "applied=" + digest + "\nstate=running\nagent.version=0.1\nunknown=x\n",
                    token)
                .statusCode())
        .isEqualTo(204);
    assertThat(host("a8")).contains("\"state\":\"in-sync\"").contains("\"agentVersion\":\"0.1\"");

    agent(
        "POST",
        "/agent/v1/status",
        "rejected=" + digest + "\nrejected.reason=Envoy said no\nstate=rejected\n",
        token);
    assertThat(host("a8")).contains("\"state\":\"rejected\"").contains("Envoy said no");
    assertThat(sluice.get("/meshes/default/dataplanes/a8/_overview").body())
        .contains("connectTime")
        .doesNotContain("disconnectTime");
  }

  @Test
  void aRejectionAndADriftAreShownAndCounted() {
    put("a8b", "10.3.0.108", 5000);
    String token = sluice.token("default", "a8b");
    String digest = tag(awaitStatus(token, 200));
    double rejected = metric("sluice_bundles_rejected_total");
    double repaired = metric("sluice_drifts_total{state=\"repaired\"}");
    String drift =
        """
        drift.at=2026-11-23T01:00:00Z
        drift.what=nat changed
        drift.by=iptables (4711)
        drift.state=repaired
        """;

    agent("POST", "/agent/v1/status", "applied=" + digest + "\n", token);
    assertThat(metric("sluice_hosts{state=\"in-sync\"}")).isGreaterThanOrEqualTo(1);
    agent("POST", "/agent/v1/status", drift + "drift.count=2\n", token);
    agent("POST", "/agent/v1/status", drift + "drift.count=2\n", token);
    agent(
        "POST",
        "/agent/v1/status",
        drift + "drift.count=3\nrejected=" + digest + "\nrejected.reason=Envoy said no\n",
        token);

    String overview = sluice.get("/meshes/default/dataplanes/a8b/_overview").body();
    assertThat(overview)
        .contains("\"rejectedReason\":\"Envoy said no\"")
        .contains("\"what\":\"nat changed\",\"by\":\"iptables (4711)\",\"count\":3");
    assertThat(host("a8b")).contains("\"by\":\"iptables (4711)\"");
    assertThat(metric("sluice_bundles_rejected_total") - rejected).isEqualTo(1);
    assertThat(metric("sluice_drifts_total{state=\"repaired\"}") - repaired).isEqualTo(3);
    assertThat(metric("sluice_hosts{state=\"rejected\"}")).isGreaterThanOrEqualTo(1);
    assertThat(metric("sluice_dataplanes_unrenderable")).isNotNegative();
    assertThat(sluice.get("/metrics").body()).doesNotContain("a8b");
  }

  @Test
  void whatMattersOfAHostIsShownInTheFleet() {
    put("a8c", "10.3.0.109", 5000);
    String token = sluice.token("default", "a8c");
    awaitStatus(token, 200);

    HttpResponse<byte[]> told =
        agent(
            "PUT",
            "/agent/v1/facts",
            """
            addresses=10.3.0.109/24
            backend=nf_tables
            backends.populated=legacy,nf_tables
            dns.servers=10.0.0.2
            foreign=docker
            foreign.rules=12
            format=1
            interfaces=eth0,lo
            ipv6=true
            resolver=dnsmasq 2.90
            sshd.ports=22
            """,
            token);

    assertThat(told.statusCode())
        .as(new String(told.body(), StandardCharsets.UTF_8))
        .isEqualTo(204);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(host("a8c"))
                    .contains("\"mixedBackends\":true", "\"resolver\":\"dnsmasq 2.90\""));
    assertThat(sluice.get("/meshes/default/dataplanes/a8c/_overview").body())
        .contains("\"mixedBackends\":true");
    assertThat(sluice.get("/meshes/default/dataplanes/a8c/_host/_revisions").body())
        .contains("\"what\":\"created\"");
  }

  @Test
  void aReportIsAtMost64KibibytesOfProperties() {
    String token = sluice.token("default", "a9");

    assertThat(agent("POST", "/agent/v1/status", "x=" + "y".repeat(64 * 1024), token).statusCode())
        .isEqualTo(413);
    assertThat(agent("POST", "/agent/v1/status", "applied=nonsense", token).statusCode())
        .isEqualTo(400);
    assertThat(agent("POST", "/agent/v1/status", "x=\\u00zz", token).statusCode()).isEqualTo(400);
  }

  @Test
  void anAgentRegistersItsOwnDataplaneAndNoOther() {
    String token = sluice.token("default", "a10");
    String document =
        """
        type: Dataplane
        mesh: default
        name: "{{ name }}"
        networking:
          address: "{{address}}"
          inbound:
          - port: 80
            servicePort: 8080
            serviceAddress: 127.0.0.1
            tags: {kuma.io/service: web}
        """;
    String path = "/agent/v1/dataplane?mesh=default&name=a10&var.address=10.3.0.10";

    assertThat(agentYaml(path + "&var.name=a10", document, token).statusCode()).isEqualTo(201);
    assertThat(agentYaml(path + "&var.name=a10", document, token).statusCode()).isEqualTo(200);
    assertThat(sluice.get("/meshes/default/dataplanes/a10").body()).contains("10.3.0.10");
    assertThat(agentYaml(path + "&var.name=a11", document, token).statusCode()).isEqualTo(403);
    assertThat(
            agentYaml("/agent/v1/dataplane?mesh=default&name=a11&var.name=a11", document, token)
                .statusCode())
        .isEqualTo(403);
    HttpResponse<byte[]> lacking = agentYaml(path, document, token);
    assertThat(lacking.statusCode()).isEqualTo(400);
    assertThat(new String(lacking.body(), StandardCharsets.UTF_8)).contains("name");
  }

  @Test
  void theBundledAgentIsTheSameOnBothListeners() {
    String token = sluice.token("default", "a12");
    HttpResponse<byte[]> jar = agent("GET", "/agent/v1/agent.jar", "", token);
    String digest = Digest.of(jar.body()).hex();

    assertThat(jar.headers().firstValue("ETag")).contains("\"" + digest + "\"");
    assertThat(jar.headers().firstValue("Repr-Digest").orElse("")).startsWith("sha-256=:");
    assertThat(sluice.get("/agent/sluice-agent.jar.sha256").body())
        .isEqualTo(digest + "  sluice-agent.jar\n");
    assertThat(sluice.get("/agent/sluice-agent.jar").headers().firstValue("ETag"))
        .contains("\"" + digest + "\"");
  }

  private void put(String name, String address, int servicePort) {
    HttpResponse<String> written =
        sluice.yaml(
            "PUT",
            "/meshes/default/dataplanes/" + name,
            """
            type: Dataplane
            mesh: default
            name: %s
            networking:
              address: %s
              inbound:
              - port: 15000
                servicePort: %d
                serviceAddress: 127.0.0.1
                tags:
                  kuma.io/service: app
                  kuma.io/protocol: http
            """
                .formatted(name, address, servicePort));
    assertThat(written.statusCode()).as(written.body()).isIn(200, 201);
  }

  /** The view in memory is a little behind the database. */
  private HttpResponse<byte[]> awaitStatus(String token, int status) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> agent("GET", BUNDLE, "", token), answer -> answer.statusCode() == status);
  }

  private HttpResponse<byte[]> pollForDifference(String token, String known) {
    return sluice.agent(
        "GET",
        BUNDLE,
        "",
        "Authorization",
        "Bearer " + token,
        "Sluice-Pack",
        "difference",
        "If-None-Match",
        "\"" + known + "\"");
  }

  private HttpResponse<byte[]> poll(String token, String known, int wait) {
    return sluice.agent(
        "GET",
        BUNDLE + "?wait=" + wait,
        "",
        "Authorization",
        "Bearer " + token,
        "If-None-Match",
        "\"" + known + "\"");
  }

  private HttpResponse<byte[]> agent(String method, String path, String body, String token) {
    return sluice.agent(method, path, body, "Authorization", "Bearer " + token);
  }

  private HttpResponse<byte[]> agentYaml(String path, String body, String token) {
    return sluice.agent(
        "PUT", path, body, "Authorization", "Bearer " + token, "Content-Type", "application/yaml");
  }

  private String host(String name) {
    return json(sluice.get("/fleet?name=" + name)).path("items").path(0).toString();
  }

  private static String tag(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("ETag").orElseThrow().replace("\"", "");
  }

  private static Map<String, byte[]> unzip(byte[] pack) throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(pack))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  private double metric(String name) {
    return sluice
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "\t"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
