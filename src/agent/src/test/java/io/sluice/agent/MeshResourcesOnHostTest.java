package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Resources that a dataplane has in common with others, on a host with the real Envoy. */
@Tag("host")
class MeshResourcesOnHostTest {

  private static final int PORT = 20_001;

  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket blue;
  private ServerSocket green;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  MeshResourcesOnHostTest() {}

  @BeforeEach
  void aHost() throws Exception {
    network = new NetworkNamespace();
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, "nf_tables");
    blue = network.application("blue");
    green = network.application("green");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    agent.close();
    controlPlane.close();
    blue.close();
    green.close();
    network.close();
  }

  @Test
  void whatTheMeshSharesIsServedBesideWhatIsTheDataplanesOwn() throws Exception {
    Map<String, String> files = Bundles.explicit(20_000, blue.getLocalPort());
    files.putAll(Bundles.service("mesh/", "web", PORT, green.getLocalPort()));
    agent.applied(files);

    assertThat(network.answer("127.0.0.1", 20_000)).isEqualTo("blue");
    assertThat(network.answer("127.0.0.1", PORT)).isEqualTo("green");
  }

  @Test
  void aServiceThatComesIntoReachMovesWithoutBeingTwice() throws Exception {
    Map<String, String> own = Bundles.explicit(20_000, blue.getLocalPort());
    own.putAll(Bundles.service("envoy/", "web", PORT, green.getLocalPort()));
    agent.applied(own);
    long envoy = agent.envoyPid().orElseThrow();

    Map<String, String> shared = Bundles.explicit(20_000, blue.getLocalPort());
    shared.putAll(Bundles.service("mesh/", "web", PORT, blue.getLocalPort()));
    agent.applied(shared);

    assertThat(network.answer("127.0.0.1", PORT)).isEqualTo("blue");
    assertThat(agent.envoyPid()).contains(envoy);
  }
}
