package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The agent on a host: root, iptables of both kinds and Envoy. The group sluice and the user
 * sluice-proxy that it needs are made and left, for other suites use them at the same time.
 */
@Tag("host")
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"nf_tables", "legacy"})
class AgentOnHostTest {

  private static final String ADDRESS = "10.99.0.1";

  @Parameter String backend = "";
  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket blue;
  private ServerSocket green;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  AgentOnHostTest() {}

  @BeforeEach
  void aHost() throws Exception {
    network = new NetworkNamespace();
    network.run("ip", "addr", "add", ADDRESS + "/32", "dev", "lo");
    network.run(iptables("iptables"), "-A", "OUTPUT", "-p", "tcp", "--dport", "9", "-j", "DROP");
    network.run(iptables("iptables"), "-t", "nat", "-A", "OUTPUT", "-p", "udp", "-j", "RETURN");
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, backend);
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
  void aBundleIsAppliedAndItsTrafficGoesThroughEnvoy() throws Exception {
    Bundles.Made bundle = controlPlane.serve(transparent(blue));
    agent.start();
    agent.awaitReport("applied", bundle.digest().hex());

    assertThat(network.answer(ADDRESS, 80)).isEqualTo("blue");
    assertThat(controlPlane.report())
        .containsEntry("state", "running")
        .containsEntry("envoy.state", "live")
        .containsEntry("mode", "iptables")
        .containsEntry("host.backend", backend);
    assertThat(agent.status()).containsEntry("rules", "standing").containsEntry("envoy", "live");
  }

  @Test
  void anEditIsServedByTheSameEnvoyWithTheSameRules() throws Exception {
    agent.applied(transparent(blue));
    long envoy = agent.envoyPid().orElseThrow();
    String rules = network.rules();

    agent.applied(transparent(green));

    assertThat(network.answer(ADDRESS, 80)).isEqualTo("green");
    assertThat(agent.envoyPid()).contains(envoy);
    assertThat(network.rules()).isEqualTo(rules);
  }

  @Test
  void uninstallLeavesTheHostAsItWas() throws Exception {
    String before = network.rules();
    String addresses = network.run("ip", "addr", "show", "lo");
    agent.applied(transparent(blue));
    assertThat(network.rules()).contains("SLUICE_INBOUND");
    agent.stop();

    assertThat(agent.command("uninstall", "--purge").code()).isZero();

    assertThat(withoutEmptyTables(network.rules())).isEqualTo(withoutEmptyTables(before));
    assertThat(network.run("ip", "addr", "show", "lo")).isEqualTo(addresses);
    assertThat(agent.state()).doesNotExist();
  }

  @Test
  void aHostWithoutIptablesIsServedWhereNothingIsCaptured() throws Exception {
    agent.withoutIptables();
    agent.applied(Bundles.explicit(18_080, blue.getLocalPort()));

    assertThat(network.answer("127.0.0.1", 18_080)).isEqualTo("blue");
    Bundles.Made captured = controlPlane.serve(transparent(green));
    agent.awaitReport("rejected", captured.digest().hex());
    assertThat(controlPlane.report().get("rejected.reason")).contains("no iptables");
    assertThat(network.answer("127.0.0.1", 18_080)).isEqualTo("blue");
  }

  @Test
  void aHostWhoseFactsAreRefusedGetsItsBundleAllTheSame() throws Exception {
    controlPlane.refuseFacts(true);

    agent.applied(Bundles.transparent(blue.getLocalPort()));

    assertThat(controlPlane.facts()).isNotEmpty();
    assertThat(agent.logged()).contains("event=facts-failed");
  }

  @Test
  void factsAreSentWhenTheyAreAskedFor() throws Exception {
    controlPlane.wantFacts(true);
    agent.applied(transparent(blue));

    assertThat(controlPlane.facts()).hasSize(1);
    assertThat(controlPlane.facts().getFirst())
        .contains("backend=" + backend + "\n")
        .contains("addresses=10.99.0.1/32\n");
  }

  @Test
  void twiceIsOnce() throws Exception {
    agent.applied(transparent(blue));
    agent.stop();
    String rules = network.rules();
    long envoy = agent.envoyPid().orElseThrow();

    assertThat(agent.command("once").code()).isZero();
    assertThat(agent.command("once").err()).doesNotContain("rules-switched");

    assertThat(network.rules()).isEqualTo(rules);
    assertThat(agent.envoyPid()).contains(envoy);
  }

  @Test
  void aListenerThatEnvoyRefusesChangesNothing() throws Exception {
    agent.applied(transparent(blue));
    String rules = network.rules();
    Map<String, String> bad = transparent(green);
    bad.put("envoy/listeners/bad.json", Bundles.listener("bad", 70_000, "in"));
    Bundles.Made refused = controlPlane.serve(bad);
    agent.awaitReport("rejected", refused.digest().hex());

    assertThat(controlPlane.report().get("rejected.reason")).contains("70000");
    assertThat(controlPlane.report()).containsEntry("state", "rejected");
    assertThat(network.answer(ADDRESS, 80)).isEqualTo("blue");
    assertThat(network.rules()).isEqualTo(rules);
    int asked = controlPlane.requests().size();
    Thread.sleep(3000);
    assertThat(controlPlane.requests().size() - asked).isLessThan(5);

    agent.applied(transparent(green));
    assertThat(network.answer(ADDRESS, 80)).isEqualTo("green");
  }

  @Test
  void aRefusalIsReportedWithItsStateAlsoByTheNextAgent() throws Exception {
    Bundles.Made applied = agent.applied(transparent(blue));
    Map<String, String> bad = transparent(green);
    bad.put("envoy/listeners/bad.json", Bundles.listener("bad", 70_000, "in"));
    Bundles.Made refused = controlPlane.serve(bad);
    agent.awaitReport("rejected", refused.digest().hex());
    agent.kill();
    controlPlane.answerWith(503);

    agent.start();
    agent.awaitReport("rejected", refused.digest().hex());

    assertThat(controlPlane.report())
        .containsEntry("applied", applied.digest().hex())
        .containsEntry("rejected", refused.digest().hex())
        .containsEntry("state", "rejected");
  }

  @Test
  void rulesThatTheKernelRefusesChangeNothing() throws Exception {
    agent.applied(transparent(blue));
    String rules = network.rules();
    Map<String, String> bad = transparent(green);
    bad.put("iptables/v6.rules", Bundles.rules("-A SLUICE_OUTBOUND -d 10.0.0.1 -j RETURN\n"));
    Bundles.Made refused = controlPlane.serve(bad);
    agent.awaitReport("rejected", refused.digest().hex());

    assertThat(controlPlane.report().get("rejected.reason")).contains("IPv6");
    assertThat(network.rules()).isEqualTo(rules);
    assertThat(network.answer(ADDRESS, 80)).isEqualTo("blue");
  }

  @Test
  void aFirstBundleThatIsRefusedLeavesTheHostAsItWas() throws Exception {
    String before = network.rules();
    Map<String, String> bad = transparent(blue);
    bad.put("envoy/listeners/bad.json", Bundles.listener("bad", 70_000, "in"));
    Bundles.Made refused = controlPlane.serve(bad);
    agent.start();
    agent.awaitReport("rejected", refused.digest().hex());

    assertThat(withoutEmptyTables(network.rules())).isEqualTo(withoutEmptyTables(before));
    assertThat(agent.envoyPid()).isEmpty();
  }

  @Test
  void anAgentThatIsKilledLeavesEverythingAndTheNextAdoptsIt() throws Exception {
    agent.applied(transparent(blue));
    long envoy = agent.envoyPid().orElseThrow();
    String rules = network.rules();
    agent.kill();

    assertThat(network.answer(ADDRESS, 80)).isEqualTo("blue");
    assertThat(network.rules()).isEqualTo(rules);

    controlPlane.answerWith(503);
    agent.start();
    agent.await(() -> agent.logged().contains("event=envoy-adopted"));
    assertThat(agent.envoyPid()).contains(envoy);
    assertThat(network.rules()).isEqualTo(rules);
  }

  @Test
  void killedAtRandomPointsItLeavesOneEnvoyAndWholeRules() throws Exception {
    java.util.Random random = new java.util.Random(4711);
    Map<String, String> last = Map.of();
    for (int round = 0; round < 12; round++) {
      last = transparent(round % 2 == 0 ? blue : green);
      last.put("envoy/bootstrap.json", Bundles.bootstrap("default.round-" + round / 3));
      controlPlane.serve(last);
      agent.start();
      Thread.sleep(200 + random.nextInt(1000));
      agent.kill();
    }
    Bundles.Made bundle = controlPlane.serve(last);
    agent.start();
    agent.awaitReport("applied", bundle.digest().hex());
    String rules = network.rules();

    assertThat(network.answer(ADDRESS, 80)).isEqualTo("green");
    agent.await(() -> io.sluice.agent.host.Processes.in(agent.state()).size() == 1);
    assertThat(agent.command("status").code()).isZero();
    // One jump in each family, however often it was installed.
    assertThat(rules.lines().filter(line -> line.startsWith("-A PREROUTING"))).hasSize(2);
    agent.stop();
    assertThat(agent.command("uninstall").code()).isZero();
    assertThat(network.rules()).doesNotContain("SLUICE_");
    assertThat(io.sluice.agent.host.Processes.in(agent.state())).isEmpty();
  }

  @Test
  void whatAKilledAgentReportedIsNoReportOfTheNext() throws Exception {
    Bundles.Made bundle = agent.applied(transparent(blue));
    agent.kill();

    agent.start();
    agent.awaitReport("applied", bundle.digest().hex());

    assertThat(agent.logged()).contains("event=envoy-adopted");
  }

  @Test
  void aRestartWithoutControlPlaneRepairsRulesAndEnvoy() throws Exception {
    agent.applied(transparent(blue));
    agent.kill();
    controlPlane.answerWith(503);
    String rules = network.rules();
    io.sluice.agent.host.Processes.signal(agent.envoyPid().orElseThrow(), "KILL");
    network.run(iptables("iptables"), "-t", "nat", "-F", "PREROUTING");

    agent.start();
    agent.await(() -> agent.logged().contains("event=envoy-started"));

    assertThat(network.answer(ADDRESS, 80)).isEqualTo("blue");
    assertThat(network.rules()).isEqualTo(rules);
  }

  @Test
  void anEnvoyThatDiesIsStartedAnew() throws Exception {
    agent.applied(transparent(blue));
    io.sluice.agent.host.Processes.signal(agent.envoyPid().orElseThrow(), "KILL");

    agent.await(() -> agent.logged().contains("event=envoy-started"));

    assertThat(network.answer(ADDRESS, 80)).isEqualTo("blue");
  }

  @Test
  void aChangedBootstrapRestartsEnvoyWithoutALostRequest() throws Exception {
    agent.applied(transparent(blue));
    long envoy = agent.envoyPid().orElseThrow();
    Map<String, String> renamed = transparent(green);
    renamed.put("envoy/bootstrap.json", Bundles.bootstrap("default.other"));
    Bundles.Made bundle = controlPlane.serve(renamed);
    int requests = 0;
    while (!bundle.digest().hex().equals(controlPlane.report().get("applied")) && requests < 5000) {
      assertThat(network.answer(ADDRESS, 80)).isIn("blue", "green");
      requests++;
    }

    assertThat(controlPlane.report()).containsEntry("applied", bundle.digest().hex());
    assertThat(network.answer(ADDRESS, 80)).isEqualTo("green");
    assertThat(agent.envoyPid().orElseThrow()).isNotEqualTo(envoy);
    agent.await(() -> io.sluice.agent.host.Processes.startTime(envoy).isEmpty());
    assertThat(network.answer(ADDRESS, 80)).isEqualTo("green");
  }

  @Test
  void aDeletedDataplaneIsRemovedFromTheHost() throws Exception {
    String before = network.rules();
    agent.applied(transparent(blue));
    controlPlane.answerWith(410);
    agent.awaitReport("state", "removed");

    assertThat(withoutEmptyTables(network.rules())).isEqualTo(withoutEmptyTables(before));
    assertThat(agent.envoyPid()).isEmpty();

    agent.applied(transparent(green));
    assertThat(network.answer(ADDRESS, 80)).isEqualTo("green");
  }

  @Test
  void ruleSetsOfOthersKeepTheirOrder() throws Exception {
    agent.applied(transparent(blue));
    network.run(
        iptables("iptables"),
        "-t",
        "nat",
        "-A",
        "OUTPUT",
        "-p",
        "udp",
        "--dport",
        "1",
        "-j",
        "RETURN");
    network.run(
        iptables("iptables"),
        "-t",
        "nat",
        "-I",
        "OUTPUT",
        "1",
        "-p",
        "udp",
        "--dport",
        "2",
        "-j",
        "RETURN");
    String order = outputOf(network.rules());
    Map<String, String> other = transparent(blue);
    other.put(
        "iptables/v4.rules",
        Bundles.rules(Bundles.CAPTURE_HTTP, "-A SLUICE_OUTBOUND -d 10.1.1.1 -j RETURN\n"));
    agent.applied(other);

    assertThat(outputOf(network.rules())).isEqualTo(order);
  }

  @Test
  void aSecondAgentWithTheStateFolderIsRefused() throws Exception {
    agent.applied(transparent(blue));

    AgentOnHost.Ended second = agent.command("once");

    assertThat(second.code()).isEqualTo(ExitCode.HELD);
    assertThat(second.err()).contains("held by another agent");
  }

  @Test
  void aSecondTransparentDataplaneInTheNetworkIsRefused() throws Exception {
    agent.applied(transparent(blue));
    String rules = network.rules();
    try (AgentOnHost other = new AgentOnHost(network, controlPlane, backend)) {
      AgentOnHost.Ended second = other.command("once");
      assertThat(second.code()).isEqualTo(ExitCode.REFUSED);
      assertThat(second.err()).contains("another agent's rules stand in this network namespace");
      assertThat(other.envoyPid()).isEmpty();
      assertThat(network.rules()).isEqualTo(rules);
      assertThat(other.command("uninstall").code()).isEqualTo(ExitCode.REFUSED);
      assertThat(network.rules()).isEqualTo(rules);
    }
  }

  @Test
  void envoyHasNoCapabilitiesAndWritesOnlyInItsFolder() throws Exception {
    agent.applied(transparent(blue));
    String status =
        java.nio.file.Files.readString(
            java.nio.file.Path.of("/proc", "" + agent.envoyPid().orElseThrow(), "status"));

    assertThat(status).containsPattern("CapEff:\\s0+\n").containsPattern("CapBnd:\\s0+\n");
    assertThat(status).containsPattern("NoNewPrivs:\\s1\n");
    String writable =
        network.run(
            "setpriv",
            "--reuid=sluice-proxy",
            "--regid=sluice",
            "--clear-groups",
            "find",
            agent.state().toString(),
            "-writable",
            "-not",
            "-type",
            "s");
    assertThat(writable.lines())
        .allMatch(line -> line.startsWith(agent.state().resolve("run").toString()));
  }

  private static Map<String, String> transparent(ServerSocket application) {
    return Bundles.capturingHttp(application.getLocalPort());
  }

  private String iptables(String program) {
    return program + (backend.equals("legacy") ? "-legacy" : "-nft");
  }

  /** Tables that the kernel made on first use stay when they are empty; they hold no rule. */
  private static String withoutEmptyTables(String rules) {
    return rules.replaceAll("\\*[a-z]+\n(:[A-Z]+ ACCEPT \n)*COMMIT\n", "");
  }

  private static String outputOf(String rules) {
    return String.join("\n", rules.lines().filter(line -> line.startsWith("-A OUTPUT")).toList());
  }
}
