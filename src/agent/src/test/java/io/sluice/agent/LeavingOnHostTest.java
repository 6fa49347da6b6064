package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.Processes;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A host that is captured no more, or whose dataplane was deleted. */
@Tag("host")
class LeavingOnHostTest {

  private static final int DRAIN_SECONDS = 4;

  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket workload;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  LeavingOnHostTest() {}

  @BeforeEach
  void aHost() throws Exception {
    network = new NetworkNamespace();
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
