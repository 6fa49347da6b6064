package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an agent tells of a host that changes, which it looks at twice a minute. */
@Tag("host")
class FactsOnHostTest {

  @Test
  void factsAreSentAgainWhenTheyChange() throws Exception {
    NetworkNamespace network = new NetworkNamespace();
    network.run("ip", "addr", "add", "10.99.0.1/32", "dev", "lo");
    FakeControlPlane controlPlane = network.inside(FakeControlPlane::new);
    AgentOnHost agent = new AgentOnHost(network, controlPlane, "nf_tables");
    ServerSocket workload = network.application("served");
    try (network;
        controlPlane;
        agent;
        workload) {
      controlPlane.wantFacts(true);
      agent.applied(Bundles.transparent(workload.getLocalPort()));
      assertThat(controlPlane.facts())
          .singleElement()
          .asString()
          .contains("addresses=10.99.0.1/32\n");

      network.run("ip", "addr", "add", "10.99.0.2/32", "dev", "lo");
      agent.await(
          () -> controlPlane.facts().getLast().contains("addresses=10.99.0.1/32,10.99.0.2/32\n"));
      assertThat(controlPlane.facts()).hasSize(2);
    }
  }
}
