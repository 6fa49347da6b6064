package io.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.Checkout;
import io.sluice.acceptance.process.Command;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The Dockerfile and docker-compose.yml, built and run. */
@Tag("docker")
class ComposeTest {

  private static final String TOKEN = "an-admin-token-of-this-test-alone";

  private final Path root = Checkout.find().root();
  private final String project = "sluice-test-" + ProcessHandle.current().pid();
  private final int port = freePort();
  private final int agentsPort = freePort();

  ComposeTest() throws IOException {}

  @AfterEach
  void remove() {
    compose("down", "--volumes", "--rmi", "local");
  }

  @Test
  void theControlPlaneKeepsItsDataInThePostgresqlBesideIt() {
    compose("up", "--build", "--detach");
    awaitReady();
    assertThat(curl("-o", "/dev/null", "-w", "%{http_code}", "/meshes"))
        .as("without a token")
        .isEqualTo("401");
    String example = "@" + root.resolve("examples/demo-app.yaml");
    String created =
        authorized(
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "-H",
            "Content-Type: application/yaml",
            "--data-binary",
            example,
            Dataplanes.PATH);
    assertThat(created).isEqualTo("201");

    compose("restart", "control-plane");
    awaitReady();

    assertThat(authorized(Dataplanes.PATH + "/demo-app")).contains("10.119.249.39");
  }

  private void awaitReady() {
    Awaitility.await("the control plane answers")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(() -> authorized("-o", "/dev/null", "-w", "%{http_code}", "/").equals("200"));
  }

  private String authorized(String... options) {
    List<String> all = new ArrayList<>(List.of("-H", "Authorization: Bearer " + TOKEN));
    all.addAll(List.of(options));
    return curl(all.toArray(String[]::new));
  }

  private String curl(String... optionsAndPath) {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "-m", "20"));
    command.addAll(List.of(optionsAndPath));
    command.add("http://127.0.0.1:" + port + command.removeLast());
    return Command.run(command);
  }

  private void compose(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "SLUICE_ADMIN_TOKEN=" + TOKEN,
                "SLUICE_DATABASE_PASSWORD=a-password",
                "SLUICE_PORT=" + port,
                "SLUICE_AGENTS_PORT=" + agentsPort));
    command.addAll(program());
    command.addAll(List.of("--file", root.resolve("docker-compose.yml").toString(), "-p", project));
    command.addAll(List.of(arguments));
    Command.run(command);
  }

  /** Compose is a plugin of Docker's client, or a program of its own. */
  private static List<String> program() {
    boolean plugin = Command.attempt(List.of("docker", "compose", "version")).status() == 0;
    return plugin ? List.of("docker", "compose") : List.of("docker-compose");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
