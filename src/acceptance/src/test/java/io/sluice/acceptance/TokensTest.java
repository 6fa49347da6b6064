package io.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.Command;
import io.sluice.acceptance.topology.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A token opens its own dataplane and nothing else; without one, nothing opens. */
@ExtendWith(SharedWorld.class)
class TokensTest {

  private final World world;
  private final Fleet fleet;
  private final Host host;

  TokensTest(World world) {
    this.world = world;
    this.fleet = new Fleet(world.operator());
    this.host = world.host("tokens-" + System.nanoTime());
  }

  @Test
  void anotherDataplanesTokenRegistersNothing() throws IOException {
    String yaml = Dataplanes.explicit("tokens-victim", host, 5000);
    Path file = Files.writeString(world.folder().resolve("victim.yaml"), yaml);
    String other = world.operator().token("default", "tokens-other");

    assertThat(
            status(
                "/agent/v1/dataplane?mesh=default&name=tokens-victim",
                "-X",
                "PUT",
                "-H",
                "Authorization: Bearer " + other,
                "-H",
                "Content-Type: application/yaml",
                "--data-binary",
                "@" + file))
        .isEqualTo("403");
    assertThat(world.operator().get(Dataplanes.PATH + "/tokens-victim").statusCode())
        .isEqualTo(404);
  }

  @Test
  void anAgentWithAnotherDataplanesTokenEndsAndSaysWhy() throws IOException {
    String yaml = Dataplanes.explicit("tokens-mine", host, 5000);
    Path file = Files.writeString(world.folder().resolve("mine.yaml"), yaml);

    AgentProcess agent = world.agent(host, "tokens-yours", "--dataplane-file=" + file);

    assertThat(agent.awaitEnd()).isEqualTo(3);
    assertThat(agent.output()).contains("event=registration-refused").contains("tokens-mine");
  }

  @Test
  void aTokenReadsItsOwnBundleOnly() {
    fleet.put("tokens-a", Dataplanes.explicit("tokens-a", host, 5000));
    String a = world.operator().token("default", "tokens-a");
    String b = world.operator().token("default", "tokens-b");
    String digest = fleet.host("tokens-a").path("desired").asString();

    String[] asA = {"-H", "Authorization: Bearer " + a};
    String[] asB = {"-H", "Authorization: Bearer " + b};
    assertThat(status("/agent/v1/bundle", asA)).isEqualTo("200");
    assertThat(status("/agent/v1/files/" + digest, asA)).isEqualTo("200");
    assertThat(status("/agent/v1/bundle", asB)).as("b has no dataplane").isEqualTo("404");
    assertThat(status("/agent/v1/files/" + digest, asB)).as("a's files").isNotEqualTo("200");
  }

  @Test
  void withoutATokenNothingIsAnswered() {
    assertThat(status("/agent/v1/bundle")).isEqualTo("401");
    assertThat(status("/agent/v1/bundle", "-H", "Authorization: Bearer sluice_dp_guess"))
        .isEqualTo("401");
  }

  @Test
  void theAgentsListenerHasNothingForOperators() {
    assertThat(status("/meshes")).isIn("401", "403", "404");
    assertThat(status("/agents/ca")).isIn("401", "403", "404");
    assertThat(status("/swagger-ui/index.html")).isIn("401", "403", "404");
  }

  @Test
  void operatorsAreServedOnLoopbackAlone() {
    String address = world.controlPlane().host().ipv4().getHostAddress();
    Command.Outcome outcome =
        host.namespace().attempt("curl", "-sS", "-m", "5", "http://" + address + ":5681/meshes");

    assertThat(outcome.status()).as("curl's status: not connected").isEqualTo(7);
  }

  /** The status of a request to the agents' listener, whose certificate curl is not to judge. */
  private String status(String path, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of("curl", "-sSk", "-m", "20", "-o", "/dev/null", "-w", "%{http_code}"));
    command.addAll(List.of(options));
    command.add(world.controlPlane().agentsAddress() + path);
    return host.namespace().run(command.toArray(String[]::new));
  }
}
