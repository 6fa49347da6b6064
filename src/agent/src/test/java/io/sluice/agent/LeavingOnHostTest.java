package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
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

  /** The same application with nothing captured. */
  private Map<String, String> bound() {
    Map<String, String> files = Bundles.explicit(15006, workload.getLocalPort());
    files.computeIfPresent(
        "agent.properties",
        (path, text) -> text.replace("drain-seconds=1", "drain-seconds=" + DRAIN_SECONDS));
    return files;
  }
}
