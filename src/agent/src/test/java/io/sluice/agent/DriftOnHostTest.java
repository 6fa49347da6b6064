package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent does when somebody else changes its rules. */
@Tag("host")
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"nf_tables", "legacy"})
class DriftOnHostTest {

  private static final String ADDRESS = "10.99.0.1";

  @Parameter String backend = "";
  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket blue;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  DriftOnHostTest() {}

  @BeforeEach
  void aHostWithRules() throws Exception {
    network = new NetworkNamespace();
    network.run("ip", "addr", "add", ADDRESS + "/32", "dev", "lo");
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, backend);
    blue = network.application("blue");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    agent.close();
    controlPlane.close();
    blue.close();
    network.close();
  }

  @Test
  void rulesThatSomebodyRemovesAreBackWithinASecondOfThatBeingTold() throws Exception {
    agent.applied(bundle("repair"));
    String rules = network.rules();
    iptables("-t", "nat", "-F", "SLUICE_OUTBOUND");
    iptables("-t", "nat", "-F", "PREROUTING");
    long start = System.nanoTime();

    agent.await(() -> network.rules().equals(rules));
    double seconds = (System.nanoTime() - start) / 1e9;
    agent.awaitReport("drift.state", "repaired");

    assertThat(seconds).isLessThan(backend.equals("legacy") ? 12 : 1);
    Map<String, String> report = controlPlane.report();
    assertThat(report.get("drift.what"))
        .contains("IPv4 nat:")
        .contains("the jump in PREROUTING removed")
        .contains("3 rules of SLUICE_OUTBOUND removed");
    assertThat(report.get("drift.by"))
        .contains(
            backend.equals("legacy") ? "iptables-legacy does not tell" : "iptables-nft (pid ");
    assertThat(report.get("drift.at")).startsWith("20").endsWith("Z");
    assertThat(network.answer(ADDRESS, 80)).isEqualTo("blue");
    assertThat(agent.logged()).contains("event=rules-drifted").contains("event=rules-repaired");
  }

  @Test
  void ownChangesAreNoDrift() throws Exception {
    agent.applied(bundle("repair"));
    Map<String, String> other = bundle("repair");
    other.put(
        "iptables/v4.rules",
        Bundles.rules(capture(), "-A SLUICE_OUTBOUND -d 10.1.1.1 -j RETURN\n"));
    agent.applied(other);
    agent.applied(bundle("repair"));
    Thread.sleep(1500);

    assertThat(agent.logged()).doesNotContain("event=rules-drifted");
    assertThat(controlPlane.report()).doesNotContainKey("drift.count");
  }

  @Test
  void whatOthersDoElsewhereIsNoDrift() throws Exception {
    agent.applied(bundle("repair"));
    iptables("-t", "nat", "-A", "OUTPUT", "-p", "udp", "-j", "RETURN");
    iptables("-t", "nat", "-I", "OUTPUT", "-p", "icmp", "-j", "RETURN");
    iptables("-A", "INPUT", "-p", "udp", "-j", "ACCEPT");
    String rules = network.rules();
    Thread.sleep(backend.equals("legacy") ? 11_000 : 1500);

    assertThat(agent.logged()).doesNotContain("event=rules-drifted");
    assertThat(network.rules()).isEqualTo(rules);
  }

  @Test
  void whereDriftIsOnlyReportedRulesStayAsTheyWereMade() throws Exception {
    agent.applied(bundle("report"));
    iptables("-t", "nat", "-A", "SLUICE_INBOUND", "-p", "udp", "-j", "RETURN");
    String changed = network.rules();

    agent.awaitReport("drift.state", "standing");
    assertThat(controlPlane.report())
        .containsEntry("drift.what", "IPv4 nat: 1 rule of SLUICE_INBOUND added")
        .containsEntry("drift.count", "1");
    Thread.sleep(1000);
    assertThat(network.rules()).isEqualTo(changed);

    iptables("-t", "nat", "-D", "SLUICE_INBOUND", "-p", "udp", "-j", "RETURN");
    agent.awaitReport("drift.state", "over");
  }

  @Test
  void rulesThatCanNotBeLoadedAtAStartAreLoadedLaterAlsoWhereDriftIsOnlyReported()
      throws Exception {
    agent.applied(bundle("report"));
    String rules = network.rules();
    agent.stop();
    controlPlane.answerWith(503);
    iptables("-t", "nat", "-F", "PREROUTING");
    try (HeldLock lock = new HeldLock(backend)) {
      agent.programsFrom(lock.programs());
      agent.start();
      agent.await(() -> agent.logged().contains("event=resume-failed"));
      agent.awaitReport("state", "starting");
      assertThat(network.rules()).isNotEqualTo(rules);

      lock.release();

      agent.await(() -> network.rules().equals(rules));
      agent.awaitReport("state", "running");
    }
  }

  @Test
  void aFightIsDampedAndSaid() throws Exception {
    agent.applied(bundle("repair"));
    long end = System.nanoTime() + 12_000_000_000L;
    while (System.nanoTime() < end) {
      if (network.rules().contains("-A PREROUTING -p tcp")) {
        iptables("-t", "nat", "-F", "PREROUTING");
      }
      Thread.sleep(20);
    }
    // With iptables-legacy a look every ten seconds is damped enough.
    boolean seldom = backend.equals("legacy");
    assertThat(controlPlane.report())
        .containsEntry("drift.state", seldom ? "repaired" : "fighting");
    assertThat(agent.logged().lines().filter(line -> line.contains("event=rules-repaired")))
        .hasSizeBetween(seldom ? 1 : 4, seldom ? 2 : 6);

    agent.await(() -> network.rules().contains("-A PREROUTING -p tcp"));
    assertThat(network.answer(ADDRESS, 80)).isEqualTo("blue");
  }

  private Map<String, String> bundle(String drift) {
    Map<String, String> files = Bundles.transparent(blue.getLocalPort());
    files.computeIfPresent(
        "agent.properties",
        (name, text) -> text.replaceAll("drift=\\w+\n", "drift=" + drift + "\n"));
    files.put("iptables/v4.rules", Bundles.rules(capture()));
    return files;
  }

  private static String capture() {
    return "-A SLUICE_OUTBOUND -p tcp --dport 80 -j SLUICE_INBOUND_REDIRECT\n";
  }

  private void iptables(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = "iptables-" + (backend.equals("legacy") ? "legacy" : "nft");
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    network.run(command);
  }
}
