package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What the doctor finds on hosts in order and out of order. */
@Tag("host")
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"nf_tables", "legacy"})
class DoctorOnHostTest {

  @Parameter String backend = "";
  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  DoctorOnHostTest() {}

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
  void aHostInOrderHasNothingWrong() throws Exception {
    agent.applied(Bundles.transparent(5000));
    String rules = network.rules();

    AgentOnHost.Ended doctor = agent.command("doctor");

    assertThat(doctor.out())
        .contains("ok      kernel.owner: works")
        .contains("ok      kernel.redirect: works")
        .contains("ok      backend: " + backend)
        .contains("ok      control-plane: answers, and knows this dataplane")
        .containsPattern("ok +clock: [01] s from the control plane's")
        .contains("ok      rules: stand as they were loaded")
        .contains("ok      loopback: ::6 is on lo")
        .contains("ok      generation: confirmed: ")
        .doesNotContain("wrong");
    assertThat(doctor.code()).isZero();
    assertThat(network.rules()).isEqualTo(rules);
  }

  @Test
  void whatIsWrongIsNamedWithARemedyAndTheExitStatus() throws Exception {
    agent.applied(Bundles.transparent(5000));
    agent.stop();
    network.run(iptables(), "-t", "nat", "-F", "PREROUTING");
    network.run("ip", "-6", "addr", "del", "::6/128", "dev", "lo");
    Files.setPosixFilePermissions(agent.state(), PosixFilePermissions.fromString("rwxrwxrwx"));

    AgentOnHost.Ended doctor = agent.command("doctor", "--ca-fingerprint", "0".repeat(64));

    assertThat(doctor.code()).isEqualTo(ExitCode.FAILED);
    assertThat(doctor.out())
        .contains("wrong   agent: does not run | systemctl start sluice-agent")
        .contains("wrong   rules: somebody has changed them")
        .contains("wrong   loopback: ::6 is not on lo")
        .contains("wrong   state: others than root may write")
        .containsPattern("wrong   control-plane: .*fingerprint");
  }

  @Test
  void aHostThatIsNotSetUpIsLookedAtAndLeftAsItIs() throws Exception {
    String rules = network.rules();
    Path nowhere = agent.state().resolveSibling("nowhere");

    AgentOnHost.Ended doctor =
        agent.command(
            "doctor", "--json", "--state-dir", nowhere.toString(), "--envoy", "/no/envoy");

    assertThat(doctor.code()).isEqualTo(ExitCode.FAILED);
    assertThat(doctor.out())
        .startsWith("{\"ok\":false,\"checks\":[{\"check\":\"kernel.owner\",\"grade\":\"ok\"")
        .contains("\"remedy\":\"sluice-agent setup\"")
        .contains("there is no Envoy");
    assertThat(nowhere).doesNotExist();
    assertThat(network.rules()).isEqualTo(rules);
    assertThat(network.run("cat", "/proc/net/ip_tables_names")).isEmpty();
  }

  @Test
  void aPortThatSomebodyHasIsNamedWithItsOwner() throws Exception {
    try (ServerSocket taken =
        network.inside(() -> new ServerSocket(15001, 1, InetAddress.getLoopbackAddress()))) {
      assertThat(agent.command("doctor").out())
          .contains("wrong   ports: taken: " + taken.getLocalPort() + " by java (pid ");
    }
  }

  @Test
  void aWrongTokenAndAMixOfBackendsAreSaid() throws IOException {
    network.run("iptables-nft", "-A", "INPUT", "-p", "udp", "-j", "ACCEPT");
    network.run("iptables-legacy", "-A", "INPUT", "-p", "udp", "-j", "ACCEPT");
    controlPlane.answerWith(401);

    assertThat(agent.command("doctor").out())
        .contains("warning backend: rules stand in nf_tables and in iptables-legacy")
        .contains("wrong   control-plane: does not take the token");
  }

  private String iptables() {
    return "iptables-" + (backend.equals("legacy") ? "legacy" : "nft");
  }
}
