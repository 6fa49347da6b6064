package io.sluice.controlplane.delivery;

import static io.sluice.controlplane.ControlPlane.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.controlplane.ControlPlane;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Hosts that reach no service by name cost nothing when services change. */
class UnconcernedHostsTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String MESH = "/meshes/unconcerned";

  private final ControlPlane sluice = ControlPlane.shared();

  @Test
  void theyAreNeitherWokenNorRenderedUntilAPolicyLetsThemReachServices() {
    sluice.yaml("PUT", MESH, "type: Mesh");
    put("explicit", "10.5.0.1", "edge", "");
    put("uncaptured", "10.5.0.2", "edge", REDIRECTED);
    policy("outbound-off", "uncaptured", "{redirect: {outbound: {enabled: false}}}");
    await().atMost(SOON).until(() -> named("edge.mesh"));
    String explicit = tag(awaitBundle("explicit", "0".repeat(64)));
    String uncaptured = awaitUncaptured();
    CompletableFuture<HttpResponse<byte[]>> waiting = poll("explicit", explicit, explicit, 10);
    CompletableFuture<HttpResponse<byte[]>> other = poll("uncaptured", uncaptured, uncaptured, 10);
    await().atMost(SOON).until(() -> meter("sluice.agents.waiting") >= 2);
    double rendered = rendered();

    put("web-1", "10.5.0.11", "web", "");
    put("web-2", "10.5.0.12", "web", "");
    await().atMost(SOON).until(() -> named("web.mesh"));
    assertThat(poll("explicit", explicit, explicit, 0).join().statusCode()).isEqualTo(304);
    assertThat(poll("uncaptured", uncaptured, uncaptured, 0).join().statusCode()).isEqualTo(304);
    assertThat(rendered()).isEqualTo(rendered);
    assertThat(waiting).isNotDone();
    assertThat(other).isNotDone();

    policy("on", "explicit", "{mode: iptables}");
    HttpResponse<byte[]> told = waiting.join();
    assertThat(told.statusCode()).isEqualTo(200);
    assertThat(bundle("explicit").toString()).contains("mesh/listeners/");

    CompletableFuture<HttpResponse<byte[]>> next = poll("explicit", tag(told), tag(told), 10);
    put("web-3", "10.5.0.13", "web", "");
    assertThat(next.join().statusCode()).isEqualTo(200);
  }

  @Test
  void oneThatRefusedItsCaptureIsToldOfServicesAllTheSame() {
    sluice.yaml("PUT", MESH, "type: Mesh");
    put("refusing", "10.5.1.1", "other", "");
    await().atMost(SOON).until(() -> named("other.mesh"));
    String before = tag(awaitBundle("refusing", "0".repeat(64)));
    policy("capture", "refusing", "{mode: iptables}");
    String refused = tag(awaitBundle("refusing", before));
    sluice.send("DELETE", MESH + "/meshtransparentproxies/capture", "");
    await().atMost(SOON).until(() -> before.equals(digest("refusing")));
    CompletableFuture<HttpResponse<byte[]>> waiting = poll("refusing", before, refused, 10);
    await().atMost(SOON).until(() -> meter("sluice.agents.waiting") >= 1);

    policy("capture", "refusing", "{mode: iptables}");
    await().atMost(SOON).until(() -> refused.equals(digest("refusing")));
    assertThat(waiting).isNotDone();
    put("late-1", "10.5.1.2", "other", "");

    assertThat(waiting.join().statusCode()).isEqualTo(200);
  }

  private static final String REDIRECTED =
      "  transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}\n";

  private void put(String name, String address, String service, String more) {
    HttpResponse<String> written =
        sluice.yaml(
            "PUT",
            MESH + "/dataplanes/" + name,
            """
            type: Dataplane
            networking:
              address: %s
              inbound:
              - port: 8080
                servicePort: 8081
                tags: {kuma.io/service: %s}
            """
                    .formatted(address, service)
                + more);
    assertThat(written.statusCode()).as(written.body()).isIn(200, 201);
  }

  private void policy(String name, String dataplane, String conf) {
    HttpResponse<String> written =
        sluice.yaml(
            "PUT",
            MESH + "/meshtransparentproxies/" + name,
            "type: MeshTransparentProxy\nspec: {targetRef: {kind: Dataplane, name: %s}, default: %s}\n"
                .formatted(dataplane, conf));
    assertThat(written.statusCode()).as(written.body()).isIn(200, 201);
  }

  private String awaitUncaptured() {
    await().atMost(SOON).until(() -> !bundle("uncaptured").toString().contains("mesh/listeners/"));
    return tag(awaitBundle("uncaptured", "0".repeat(64)));
  }

  private boolean named(String host) {
    for (JsonNode name : json(sluice.get(MESH + "/names")).path("items")) {
      if (name.path("host").asString("").equals(host) && name.has("ipv4")) {
        return true;
      }
    }
    return false;
  }

  private JsonNode bundle(String name) {
    return json(sluice.get(MESH + "/dataplanes/" + name + "/_bundle"));
  }

  private String digest(String name) {
    return json(sluice.get(MESH + "/fleet?name=" + name))
        .path("items")
        .path(0)
        .path("desired")
        .asString("");
  }

  /** The view in memory is a little behind the database. */
  private HttpResponse<byte[]> awaitBundle(String name, String known) {
    return await()
        .atMost(SOON)
        .until(() -> poll(name, known, known, 0).join(), answer -> answer.statusCode() == 200);
  }

  private CompletableFuture<HttpResponse<byte[]>> poll(
      String name, String applied, String rejected, int wait) {
    String token = sluice.token("unconcerned", name);
    return CompletableFuture.supplyAsync(
        () ->
            sluice.agent(
                "GET",
                "/agent/v1/bundle?wait=" + wait,
                "",
                "Authorization",
                "Bearer " + token,
                "If-None-Match",
                "\"" + applied + "\", \"" + rejected + "\""));
  }

  private double rendered() {
    return sluice.part(MeterRegistry.class).get("sluice.bundles.rendered").timer().count();
  }

  private double meter(String name) {
    return sluice.part(MeterRegistry.class).get(name).gauge().value();
  }

  private static String tag(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("ETag").orElseThrow().replace("\"", "");
  }
}
