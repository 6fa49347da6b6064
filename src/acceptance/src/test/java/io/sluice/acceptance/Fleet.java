package io.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.OperatorClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the control plane says of hosts of a mesh. */
public record Fleet(OperatorClient operator, String mesh) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Those of the mesh {@code default}. */
  public Fleet(OperatorClient operator) {
    this(operator, "default");
  }

  /** Creates or replaces a Dataplane, which must be taken. */
  public void put(String name, String yaml) {
    apply(dataplane(name), yaml);
  }

  /** Creates or replaces the resource at a path, which must be taken. */
  public void apply(String path, String yaml) {
    taken("PUT " + path, operator.putYaml(path, yaml));
  }

  /** Creates or replaces a MeshTransparentProxy, which must be taken. */
  public void putPolicy(String name, String yaml) {
    taken("PUT " + name, operator.putYaml(Policies.PATH + "/" + name, yaml));
  }

  /** Deletes a MeshTransparentProxy. */
  public void deletePolicy(String name) {
    taken("DELETE " + name, operator.delete(Policies.PATH + "/" + name));
  }

  /**
   * What becomes of a packet, as the control plane says.
   *
   * @param packet a YAML document
   */
  public JsonNode trace(String name, String packet) {
    String path = dataplane(name) + "/_trace";
    return JSON.readTree(taken("POST " + path, operator.postYaml(path, packet)));
  }

  /** The resource from which a setting of a dataplane has its value. */
  public String origin(String name, String setting) {
    String path = dataplane(name) + "/_bundle";
    JsonNode bundle = JSON.readTree(taken("GET " + path, operator.get(path)));
    return StreamSupport.stream(bundle.path("settings").spliterator(), false)
        .filter(item -> item.path("path").asString().equals(setting))
        .map(item -> item.path("origin").asString())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + setting + " in " + bundle.path("settings")));
  }

  /** What the agent has told of a host. */
  public JsonNode facts(String name) {
    String path = dataplane(name) + "/_host";
    return JSON.readTree(taken("GET " + path, operator.get(path)));
  }

  /** What is known of a dataplane's host. */
  public JsonNode host(String name) {
    JsonNode list = JSON.readTree(operator.get("/meshes/" + mesh + "/fleet?name=" + name).body());
    return StreamSupport.stream(list.path("items").spliterator(), false)
        .filter(item -> item.path("name").asString().equals(name))
        .findFirst()
        .orElseGet(JSON::createObjectNode);
  }

  /** Waits until a host is as its Dataplane says, or whatever state is named. */
  public void await(String name, String state) {
    Awaitility.await(name + " is " + state)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () ->
                assertThat(host(name).path("state").asString(""))
                    .as(() -> host(name).toString())
                    .isEqualTo(state));
  }

  /** Waits until a host runs what it should. */
  public void awaitInSync(String name) {
    await(name, "in-sync");
  }

  private String dataplane(String name) {
    return "/meshes/" + mesh + "/dataplanes/" + name;
  }

  private static String taken(String what, HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(what + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }
}
