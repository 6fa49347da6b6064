package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.Processes;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A host that is captured no more, or whose dataplane was deleted. */
@Tag("host")
class LeavingOnHostTest {

  private static final int DRAIN_SECONDS = 4;
  private static final String ADDRESS = "10.99.0.1";

  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket workload;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  LeavingOnHostTest() {}

  @BeforeEach
  void aHost() throws Exception {
    network = new NetworkNamespace();
    network.run("ip", "addr", "add", ADDRESS + "/32", "dev", "lo");
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, "nf_tables");
    workload = network.application("served");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    agent.stopAtOnce();
    agent.awaitWatchdog();
    assertThat(agent.command("uninstall", "--drain", "0").code()).isZero();
    agent.close();
    controlPlane.close();
    workload.close();
    network.close();
  }

  @Test
  void aCollectedDataplaneIsRegisteredAgainAndItsHostIsNeverLeft() throws Exception {
    ServerSocket other = network.application("other");
    Path dataplane = agent.state().resolveSibling("dataplane.yaml");
    Files.writeString(dataplane, "type: Dataplane\n");
    // The first registration is unheard of as soon as it is made, the second one is kept.
    controlPlane.onRegistration(
        () -> {
          if (controlPlane.registrations().size() > 1) {
            controlPlane.serve(Bundles.capturingHttp(other.getLocalPort()));
          }
        });
    controlPlane.serve(Bundles.capturingHttp(workload.getLocalPort()));
    agent.start("--dataplane-file", dataplane.toString());
    agent.awaitReport("state", "running");
    String rules = network.rules();
    controlPlane.answerDeletedBy("collection");

    agent.await(() -> controlPlane.registrations().size() > 1);
    assertThat(network.rules()).isEqualTo(rules);
    agent.await(() -> "other".equals(network.answer(ADDRESS, 80)));
    other.close();
    assertThat(agent.logged()).contains("event=registered-again").doesNotContain("removed");
    assertThat(controlPlane.registrations()).hasSize(2);
  }

  @Test
  void aHostWhoseCollectedDataplaneNobodyCanRegisterKeepsWhatItHasUntilItIsUninstalled()
      throws Exception {
    String before = network.rules();
    Bundles.Made bundle = agent.applied(Bundles.capturingHttp(workload.getLocalPort()));
    String rules = network.rules();
    controlPlane.answerDeletedBy("collection");

    agent.await(() -> agent.status().containsKey("dataplane"));
    assertThat(network.answer(ADDRESS, 80)).isEqualTo("served");
    assertThat(network.rules()).isEqualTo(rules);
    assertThat(agent.status())
        .containsEntry("applied", bundle.digest().hex())
        .hasEntrySatisfying("dataplane", reason -> assertThat(reason).contains("was collected"))
        .hasEntrySatisfying("dataplane.remedy", text -> assertThat(text).contains("uninstall"));
    Thread.sleep(5000);
    assertThat(agent.logged().lines().filter(line -> line.contains("was collected"))).hasSize(1);

    controlPlane.serve(bundle);
    agent.await(() -> !agent.status().containsKey("dataplane"));
    controlPlane.answerDeletedBy("collection");
    agent.await(() -> agent.status().containsKey("dataplane"));
    agent.stop();
    assertThat(agent.command("uninstall", "--drain", "0").code()).isZero();
    assertThat(network.rules()).isEqualTo(before);
    assertThat(agent.status()).doesNotContainKey("dataplane");
  }

  @Test
  void aHostThatWasNeverCapturedOverIpv6IsGivenNoAddressWhenItIsReleased() throws Exception {
    Map<String, String> captured = Bundles.transparent(workload.getLocalPort());
    captured.keySet().removeIf(path -> path.contains("v6"));
    captured.computeIfPresent(
        "agent.properties", (path, text) -> text.replace("=dualstack", "=ipv4"));
    agent.applied(captured);
    String addresses = network.run("ip", "-6", "addr", "show", "lo");

    agent.applied(bound());

    assertThat(network.run("ip", "-6", "addr", "show", "lo")).isEqualTo(addresses);
  }

  @Test
  void whatDrainedConnectionsNeededIsRemovedOnceThoughTheDataplaneIsDeletedMeanwhile()
      throws Exception {
    agent.applied(Bundles.transparent(workload.getLocalPort()));
    agent.applied(bound());
    long envoy = agent.envoyPid().orElseThrow();
    controlPlane.answerWith(410);
    agent.await(() -> !Files.exists(agent.state().resolve("applied")));
    // Nothing drains any more, so that all is removed at once.
    Processes.signal(envoy, "KILL");
    agent.awaitReport("state", "removed");
    assertThat(network.rules()).doesNotContain("SLUICE_");

    Thread.sleep(2_000 + DRAIN_SECONDS * 1_000);

    assertThat(agent.logged()).contains("event=removed").doesNotContain("event=rules-removed");
  }

  @Test
  void aBundleThatWasRefusedIsNotTriedAgainWhenItsDataplaneIsDeleted() throws Exception {
    Map<String, String> refused = Bundles.transparent(workload.getLocalPort());
    refused.put("envoy/listeners/x.json", Bundles.listener("x", 20_000, "in"));
    try (ServerSocket taken =
        network.inside(() -> new ServerSocket(20_000, 1, InetAddress.getLoopbackAddress()))) {
      assertThat(taken.isBound()).isTrue();
      Bundles.Made made = controlPlane.serve(refused);
      agent.start();
      agent.awaitReport("rejected", made.digest().hex());
      controlPlane.answerWith(410);
      agent.awaitReport("state", "removed");
      assertThat(controlPlane.report()).doesNotContainKey("rejected");
    }

    Thread.sleep(7_000);

    assertThat(agent.logged()).doesNotContain("event=reconsidered");
    assertThat(agent.state().resolve("rejected")).doesNotExist();
  }

  /** The same application with nothing captured. */
  private Map<String, String> bound() {
    Map<String, String> files = Bundles.explicit(15006, workload.getLocalPort());
    files.computeIfPresent(
        "agent.properties",
        (path, text) -> text.replace("drain-seconds=1", "drain-seconds=" + DRAIN_SECONDS));
    return files;
  }
}
