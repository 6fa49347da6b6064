package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The difference between a host and a bundle, shown without being made. */
@Tag("host")
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"nf_tables", "legacy"})
class PlanOnHostTest {

  @Parameter String backend = "";
  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  PlanOnHostTest() {}

  @BeforeEach
  void aHost() throws Exception {
    network = new NetworkNamespace();
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, backend);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    agent.close();
    controlPlane.close();
    network.close();
  }

  @Test
  void aHostThatNothingWasAppliedToShowsEverythingAsNewAndStaysAsItIs() throws Exception {
    controlPlane.serve(Bundles.transparent(5000));
    String rules = network.rules();

    AgentOnHost.Ended plan = agent.command("plan");

    assertThat(plan.code()).isEqualTo(ExitCode.DIFFERENT);
    assertThat(plan.out())
        .contains("--- host/v4/nat\n+++ bundle/v4/nat\n@@ -0,0 +1,")
        .contains("+-A SLUICE_INBOUND_REDIRECT -p tcp -j REDIRECT --to-ports 15006\n")
        .contains("+++ bundle/v6/nat")
        .contains("+++ bundle/envoy/listeners/in.json")
        .contains("+    \"socket_address\":{\n");
    assertThat(agent.command("once", "--dry-run").out()).isEqualTo(plan.out());
    assertThat(network.rules()).isEqualTo(rules);
    assertThat(network.run("cat", "/proc/net/ip_tables_names")).isEmpty();
    assertThat(network.run("nft", "list", "tables")).isEmpty();
    assertThat(network.run("ip", "addr", "show", "lo")).doesNotContain("::6/128");
    assertThat(agent.state()).isEmptyDirectory();
    assertThat(Processes.in(agent.state())).isEmpty();
  }

  @Test
  void whatIsInForceHasNoDifference() throws Exception {
    agent.applied(Bundles.transparent(5000));

    AgentOnHost.Ended plan = agent.command("plan");

    assertThat(plan.out()).isEmpty();
    assertThat(plan.code()).isZero();
  }

  @Test
  void changesOfTheBundleAndOfOthersAreShownInTheKernelsWords() throws Exception {
    iptables("-t", "nat", "-A", "OUTPUT", "-p", "udp", "-j", "RETURN");
    Map<String, String> files = Bundles.transparent(5000);
    agent.applied(files);
    agent.kill();
    iptables("-t", "nat", "-A", "SLUICE_INBOUND", "-d", "10.1.1.1", "-j", "RETURN");
    files.put("iptables/v4.rules", Bundles.rules("-A SLUICE_OUTBOUND -d 10.2.0.0/16 -j RETURN\n"));
    files.put("envoy/endpoints/in.json", Bundles.endpoints("in", 5001));
    controlPlane.serve(files);
    String standing = network.rules();

    AgentOnHost.Ended plan = agent.command("plan");

    assertThat(plan.code()).isEqualTo(ExitCode.DIFFERENT);
    assertThat(plan.out())
        .contains("\n--A SLUICE_INBOUND -d 10.1.1.1/32 -j RETURN\n")
        .contains("\n+-A SLUICE_OUTBOUND -d 10.2.0.0/16 -j RETURN\n")
        .contains("\n--- host/envoy/endpoints/in.json\n+++ bundle/envoy/endpoints/in.json\n")
        .contains("\"port_value\":5001")
        .doesNotContain("v6/")
        .doesNotContain("envoy/listeners");
    assertThat(plan.out().lines().filter(line -> line.matches("[+-]-A .*")).toList()).hasSize(2);
    assertThat(network.rules()).isEqualTo(standing);
  }

  @Test
  void aDeletedDataplaneShowsWhatWouldBeRemoved() throws Exception {
    agent.applied(Bundles.transparent(5000));
    agent.kill();
    controlPlane.answerWith(410);

    AgentOnHost.Ended plan = agent.command("plan");

    assertThat(plan.code()).isEqualTo(ExitCode.DIFFERENT);
    assertThat(plan.out())
        .contains("-:SLUICE_INBOUND - [0:0]\n")
        .contains("--- host/envoy/bootstrap.json\n")
        .doesNotContainPattern("(?m)^\\+[^+]");
  }

  @Test
  void anotherGenerationIsNamedByItsDigestOrItsFolder(@TempDir Path folder) throws Exception {
    Map<String, String> files = Bundles.transparent(5000);
    Bundles.Made first = agent.applied(files);
    agent.applied(Bundles.transparent(5001));
    agent.kill();
    controlPlane.answerWith(503);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }

    AgentOnHost.Ended byDigest = agent.command("plan", "--generation", first.digest().hex());
    AgentOnHost.Ended byFolder = agent.command("plan", "--generation", folder.toString());

    assertThat(byDigest.code()).isEqualTo(ExitCode.DIFFERENT);
    assertThat(byDigest.out()).contains("\"port_value\":5000").isEqualTo(byFolder.out());
    assertThat(agent.command("plan").code()).isEqualTo(ExitCode.FAILED);
    assertThat(agent.command("plan", "--generation", "x").code()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void whatThisHostWouldRefuseIsSaid() throws Exception {
    Map<String, String> files = Bundles.transparent(5000);
    files.put("iptables/v4.rules", Bundles.rules("-A SLUICE_OUTBOUND -j ACCEPT\n"));
    controlPlane.serve(files);

    AgentOnHost.Ended plan = agent.command("plan");

    assertThat(plan.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(plan.err()).contains("would refuse").contains("ACCEPT");
  }

  private void iptables(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = "iptables-" + (backend.equals("legacy") ? "legacy" : "nft");
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    network.run(command);
  }
}
