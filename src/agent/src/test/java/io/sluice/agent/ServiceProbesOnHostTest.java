package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the control plane hears of applications, and of an agent that ends. */
@Tag("host")
class ServiceProbesOnHostTest {

  private static final String LISTENER = "127.0.0.1:20000";

  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket application;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  ServiceProbesOnHostTest() {}

  @BeforeEach
  void aHost() throws Exception {
    network = new NetworkNamespace();
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, "nf_tables");
    application = network.application("served");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    agent.close();
    controlPlane.close();
    application.close();
    network.close();
  }

  @Test
  void anApplicationThatEndsIsToldAtOnce() throws Exception {
    agent.applied(probed(application.getLocalPort()));
    agent.awaitReport("inbounds.ready", LISTENER);

    application.close();

    agent.awaitReport("inbounds.notready", LISTENER);
    assertThat(controlPlane.report()).doesNotContainKey("inbounds.ready");
  }

  @Test
  void anotherProbeDisturbsNothingElse() throws Exception {
    agent.applied(Bundles.explicit(20_000, application.getLocalPort()));
    long envoy = agent.envoyPid().orElseThrow();

    agent.applied(probed(application.getLocalPort()));

    agent.awaitReport("inbounds.ready", LISTENER);
    assertThat(agent.envoyPid()).contains(envoy);
  }

  @Test
  void anAgentThatIsTerminatedSaysGoodbyeAndLeavesEnvoy() throws Exception {
    agent.applied(Bundles.explicit(20_000, application.getLocalPort()));

    agent.stop();

    assertThat(controlPlane.report()).containsEntry("state", "stopping");
    assertThat(network.answer("127.0.0.1", 20_000)).isEqualTo("served");
  }

  @Test
  void anAgentThatSaysGoodbyeIsHeardToTheEndAndTakesNoNewBundle() throws Exception {
    agent.applied(Bundles.explicit(20_000, application.getLocalPort()));
    Map<String, String> later = Bundles.explicit(20_001, application.getLocalPort());
    controlPlane.onGoodbye(
        () -> {
          int packs = controlPlane.packs().size();
          controlPlane.serve(later);
          try {
            // Not longer than the agent waits for the answer.
            for (int i = 0; i < 100 && controlPlane.packs().size() == packs; i++) {
              Thread.sleep(10);
            }
            Thread.sleep(500);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    agent.stop();

    assertThat(agent.logged())
        .doesNotContain(Bundles.of(later).digest().hex())
        .doesNotContain("event=report-failed");
    assertThat(network.answer("127.0.0.1", 20_000)).isEqualTo("served");
  }

  @Test
  void aDeletionThatIsOlderThanTheRegistrationIsNoReasonToLeave() throws Exception {
    agent.applied(Bundles.explicit(20_000, application.getLocalPort()));
    long envoy = agent.envoyPid().orElseThrow();
    agent.stop();
    controlPlane.answerWith(410);
    java.nio.file.Path dataplane = java.nio.file.Files.createTempFile("dataplane", ".yaml");
    java.nio.file.Files.writeString(dataplane, "type: Dataplane\n");
    int polls = polls();
    agent.start("--dataplane-file", dataplane.toString());
    agent.await(() -> polls() > polls);
    Map<String, String> files = Bundles.explicit(20_001, application.getLocalPort());

    agent.applied(files);

    assertThat(agent.envoyPid()).contains(envoy);
    assertThat(agent.logged()).doesNotContain("event=removed");
    java.nio.file.Files.delete(dataplane);
  }

  private int polls() {
    return (int)
        controlPlane.requests().stream().filter(request -> request.contains("/bundle")).count();
  }

  private static Map<String, String> probed(int workload) {
    Map<String, String> files = Bundles.explicit(20_000, workload);
    String probe = "probe." + LISTENER + "=127.0.0.1:" + workload + " 100 5000 1 1\n";
    files.put("agent.properties", Bundles.EXPLICIT + probe);
    return files;
  }
}
