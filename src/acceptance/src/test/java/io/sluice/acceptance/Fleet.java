package io.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.OperatorClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the control plane says of hosts. */
public record Fleet(OperatorClient operator) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Creates or replaces a Dataplane, which must be taken. */
  public void put(String name, String yaml) {
    HttpResponse<String> answer = operator.putYaml(Dataplanes.PATH + "/" + name, yaml);
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError("PUT " + name + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  /** What is known of a dataplane's host. */
  public JsonNode host(String name) {
    JsonNode list = JSON.readTree(operator.get("/meshes/default/fleet?name=" + name).body());
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
}
