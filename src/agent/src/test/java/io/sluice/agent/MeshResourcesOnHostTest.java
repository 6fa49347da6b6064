package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
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

  @Test
  void anotherEndpointTouchesNothingElse() throws Exception {
    agent.applied(meshed(green));
    FileTime listeners = written("lds.json");
    FileTime clusters = written("cds.json");
    FileTime other = written("endpoints/in.json");

    agent.applied(meshed(blue));

    assertThat(network.answer("127.0.0.1", PORT)).isEqualTo("blue");
    assertThat(written("lds.json")).isEqualTo(listeners);
    assertThat(written("cds.json")).isEqualTo(clusters);
    assertThat(written("endpoints/in.json")).isEqualTo(other);
    assertThat(controlPlane.packs().getLast()).isLessThan(2_000);
  }

  @Test
  void endpointsThatEnvoyRefusesChangeNothing() throws Exception {
    Bundles.Made good = agent.applied(meshed(green));
    Map<String, String> bad = meshed(blue);
    bad.put("mesh/endpoints/web.json", Bundles.endpoints("web", 70_000));
    Bundles.Made refused = controlPlane.serve(bad);

    agent.awaitReport("rejected", refused.digest().hex());

    assertThat(controlPlane.report()).containsEntry("applied", good.digest().hex());
    assertThat(network.answer("127.0.0.1", PORT)).isEqualTo("green");
    agent.applied(meshed(blue));
    assertThat(network.answer("127.0.0.1", PORT)).isEqualTo("blue");
  }

  @Test
  void aDifferenceThatMakesAnotherBundleIsAskedForAsAWhole() throws Exception {
    agent.applied(meshed(green));
    Bundles.Made none = Bundles.of(Map.of());
    Bundles.Made next = Bundles.of(meshed(blue));
    controlPlane.manglePacks(
        pack -> controlPlane.packs().size() == 1 ? none.difference(none) : pack);

    agent.applied(meshed(blue));

    assertThat(controlPlane.packs()).hasSize(3);
    assertThat(controlPlane.packs().getLast()).isEqualTo(next.pack().length);
    assertThat(agent.logged()).contains("event=difference-unfit");
  }

  private FileTime written(String file) throws Exception {
    return Files.getLastModifiedTime(agent.state().resolve("live").resolve(file));
  }

  private Map<String, String> meshed(ServerSocket web) {
    Map<String, String> files = Bundles.explicit(20_000, blue.getLocalPort());
    files.putAll(Bundles.service("mesh/", "web", PORT, web.getLocalPort()));
    return files;
  }
}
