package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.Processes;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of captured traffic while Envoy does not listen, with and without an agent. */
@Tag("host")
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"nf_tables", "legacy"})
class ProxyFailureOnHostTest {

  private static final String ADDRESS = "10.99.0.1";
  private static final String BY_ENVOY = "by Envoy";
  private static final String DIRECT = "direct";

  @Parameter String backend = "";
  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket workload;
  private ServerSocket direct;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  ProxyFailureOnHostTest() {}

  @BeforeEach
  void aHost() throws Exception {
    network = new NetworkNamespace();
    network.run("ip", "addr", "add", ADDRESS + "/32", "dev", "lo");
    foreignRule("1");
    foreignRule("2");
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, backend);
    workload = network.application(BY_ENVOY);
    direct = network.inside(() -> new ServerSocket(80, 50, InetAddress.getByName(ADDRESS)));
    Thread.ofVirtual().start(this::answerDirectly);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    agent.stopAtOnce();
    agent.command("uninstall", "--drain", "0");
    assertThat(network.rules()).doesNotContain("SLUICE_");
    assertThat(Processes.in(agent.state().resolve("guard"))).isEmpty();
    agent.close();
    controlPlane.close();
    workload.close();
    direct.close();
    network.close();
  }

  @Test
  void openPassesByAnEnvoyThatIsDownAndComesBackAlsoWithoutAnAgent() throws Exception {
    agent.applied(bundle("open"));
    foreignRule("3");
    String rules = network.rules();
    assertThat(request()).isEqualTo(BY_ENVOY);
    agent.kill();
    killEnvoy();

    assertThat(answersWithin(1000, DIRECT)).isTrue();
    agent.await(() -> !network.rules().contains("-A OUTPUT -p tcp -m tcp --tcp-flags"));

    controlPlane.answerWith(503);
    agent.start();
    agent.await(() -> request().equals(BY_ENVOY));
    agent.await(() -> network.rules().equals(rules));
  }

  @Test
  void openPassesByUntilTheAgentHasStartedEnvoyAnew() throws Exception {
    agent.applied(bundle("open"));
    foreignRule("3");
    String rules = network.rules();
    Set<String> answers = new TreeSet<>();
    for (int i = 0; i < 3; i++) {
      killEnvoy();
      long end = System.nanoTime() + 1_000_000_000L;
      while (System.nanoTime() < end) {
        answers.add(request());
      }
      agent.await(() -> request().equals(BY_ENVOY));
      agent.await(() -> network.rules().equals(rules));
    }
    assertThat(answers).contains(DIRECT);
    assertThat(agent.logged()).doesNotContain("event=rules-drifted");
  }

  @Test
  void openPassesByAlsoWhereSomebodyHasRemovedOneJumpOfSeveral() throws Exception {
    agent.applied(bundle("open"));
    String rules = network.rules();
    agent.kill();
    network.run(iptables("iptables"), "-t", "nat", "-F", "PREROUTING");
    killEnvoy();

    assertThat(answersWithin(2000, DIRECT)).isTrue();

    controlPlane.answerWith(503);
    agent.start();
    agent.await(() -> request().equals(BY_ENVOY));
    agent.await(() -> network.rules().equals(rules));
  }

  @Test
  void aGuardThatWasKilledBeforeItDidWhatItNotedPutsNothingInTwice() throws Exception {
    agent.applied(bundle("open"));
    String rules = network.rules();
    agent.kill();
    Path guard = agent.state().resolve("guard");
    for (long pid : Processes.in(guard)) {
      Processes.signal(pid, "KILL");
    }
    Files.move(guard.resolve("out.v4.nat"), guard.resolve("is-out.v4.nat"));

    network.run("sh", guard.resolve("run.sh").toString(), "in");

    assertThat(network.rules()).isEqualTo(rules);
    assertThat(guard.resolve("is-out.v4.nat")).doesNotExist();
  }

  @Test
  void aGuardThatCanNotBeStartedNowIsStartedLater() throws Exception {
    agent.applied(bundle("closed"));
    Path guard = Files.createDirectory(agent.state().resolve("guard"));
    network.run("mount", "-t", "tmpfs", "-o", "ro", "none", guard.toString());
    try {
      agent.applied(bundle("open"));
      agent.await(() -> agent.logged().contains("event=not-finished"));
      assertThat(agent.logged()).doesNotContain("event=apply-failed");
    } finally {
      network.run("umount", guard.toString());
    }

    agent.await(() -> !Processes.in(guard).isEmpty());
    agent.kill();
    killEnvoy();
    assertThat(answersWithin(2000, DIRECT)).isTrue();
  }

  @Test
  void aGuardThatCanNotBeStartedNowIsStartedLaterAlsoForTheNextBundleWithTheSameRules()
      throws Exception {
    agent.applied(bundle("closed"));
    Path guard = Files.createDirectory(agent.state().resolve("guard"));
    network.run("mount", "-t", "tmpfs", "-o", "ro", "none", guard.toString());
    try {
      agent.applied(bundle("open"));
      Map<String, String> next = bundle("open");
      next.put("envoy/listeners/next.json", Bundles.listener("next", 20_001, "in"));
      agent.applied(next);
    } finally {
      network.run("umount", guard.toString());
    }

    agent.await(() -> !Processes.in(guard).isEmpty());
  }

  @Test
  void aGuardThatCanNotBeStartedNowIsStartedLaterAlsoWhenTheNextBundleIsRefused() throws Exception {
    agent.applied(bundle("closed"));
    Path guard = Files.createDirectory(agent.state().resolve("guard"));
    network.run("mount", "-t", "tmpfs", "-o", "ro", "none", guard.toString());
    try {
      agent.applied(bundle("open"));
      Map<String, String> refused = bundle("open");
      refused.put("envoy/listeners/next.json", Bundles.listener("next", 70_000, "in"));
      agent.awaitReport("rejected", controlPlane.serve(refused).digest().hex());
    } finally {
      network.run("umount", guard.toString());
    }

    agent.await(() -> !Processes.in(guard).isEmpty());
  }

  @Test
  void openIsLeftForClosed() throws Exception {
    agent.applied(bundle("open"));
    assertThat(Processes.in(agent.state().resolve("guard"))).isNotEmpty();

    agent.applied(bundle("closed"));

    assertThat(agent.state().resolve("guard")).doesNotExist();
    agent.kill();
    killEnvoy();
    assertThat(answersWithin(1500, DIRECT)).isFalse();
  }

  @Test
  void leftoversOfAnUnknownGenerationIncludeTheGuard() throws Exception {
    agent.applied(bundle("open"));
    Path guard = agent.state().resolve("guard");
    agent.kill();
    Files.delete(agent.state().resolve("applied"));
    controlPlane.answerWith(503);

    agent.start();

    agent.await(() -> !network.rules().contains("SLUICE_"));
    agent.await(() -> !Files.exists(guard));
    assertThat(Processes.in(guard)).isEmpty();
  }

  @Test
  void aFirstSwitchThatGoesBackLeavesNoGuardOfAnUnknownGeneration() throws Exception {
    agent.applied(bundle("open"));
    Path guard = agent.state().resolve("guard");
    agent.kill();
    // The generation that it names is not here, so that nothing is in force.
    Files.writeString(agent.state().resolve("applied"), "0".repeat(64) + "\n");
    Map<String, String> refused = bundle("open");
    refused.put("envoy/listeners/next.json", Bundles.listener("next", 70_000, "in"));
    Bundles.Made made = controlPlane.serve(refused);

    agent.start();
    agent.awaitReport("rejected", made.digest().hex());

    assertThat(network.rules()).doesNotContain("SLUICE_");
    assertThat(guard).doesNotExist();
    assertThat(Processes.in(guard)).isEmpty();
  }

  @Test
  void anAgentThatDiesInASwitchLeavesTheGuardThatWasThere() throws Exception {
    agent.applied(bundle("open"));
    controlPlane.stallPacks(false);
    Map<String, String> other = bundle("open");
    other.put("envoy/bootstrap.json", Bundles.bootstrap("default.other"));
    controlPlane.serve(other);
    agent.await(() -> Files.exists(agent.state().resolve("watchdog/pid")));
    agent.kill();
    agent.awaitWatchdog();
    for (long pid : Processes.in(agent.state())) {
      Processes.signal(pid, "KILL");
    }

    assertThat(answersWithin(1500, DIRECT)).isTrue();
  }

  @Test
  void closedFailsWhileEnvoyIsDown() throws Exception {
    agent.applied(bundle("closed"));
    String rules = network.rules();
    agent.kill();
    killEnvoy();

    assertThat(answersWithin(1500, DIRECT)).isFalse();
    assertThat(network.rules()).isEqualTo(rules);

    agent.start();
    agent.await(() -> request().equals(BY_ENVOY));
    assertThat(network.rules()).isEqualTo(rules);
  }

  @Test
  void closedFailsUntilTheAgentHasStartedEnvoyAnew() throws Exception {
    agent.applied(bundle("closed"));
    killEnvoy();
    Set<String> answers = new TreeSet<>();
    long end = System.nanoTime() + 1_500_000_000L;
    while (System.nanoTime() < end) {
      answers.add(request());
    }

    assertThat(answers).doesNotContain(DIRECT);
    agent.await(() -> request().equals(BY_ENVOY));
  }

  @Test
  void atBootClosedIsCapturedBeforeEnvoyServes() throws Exception {
    agent.applied(bundle("closed"));
    String rules = network.rules();
    reboot();
    assertThat(request()).isEqualTo(DIRECT);
    controlPlane.answerWith(503);

    assertThat(agent.command("boot").code()).isZero();

    assertThat(network.rules()).isEqualTo(rules);
    assertThat(request()).isNotEqualTo(DIRECT);
    assertThat(agent.command("boot").code()).isZero();
    assertThat(network.rules()).isEqualTo(rules);
    agent.start();
    agent.await(() -> request().equals(BY_ENVOY));
    assertThat(network.rules()).isEqualTo(rules);
  }

  @Test
  void atBootOpenPassesByUntilEnvoyServes() throws Exception {
    agent.applied(bundle("open"));
    String rules = network.rules();
    reboot();
    controlPlane.answerWith(503);

    assertThat(agent.command("boot").code()).isZero();

    assertThat(request()).isEqualTo(DIRECT);
    agent.start();
    agent.await(() -> request().equals(BY_ENVOY));
    assertThat(network.rules()).isEqualTo(rules);
  }

  @Test
  void afterABootOpenIsCapturedAndGuardedAsSoonAsRulesCanBeLoaded() throws Exception {
    agent.applied(bundle("open"));
    String rules = network.rules();
    reboot();
    controlPlane.answerWith(503);
    try (HeldLock lock = new HeldLock(backend)) {
      agent.programsFrom(lock.programs());
      agent.start();
      agent.await(() -> agent.logged().contains("event=resume-failed"));
      assertThat(request()).isEqualTo(DIRECT);

      lock.release();

      agent.await(() -> request().equals(BY_ENVOY));
      agent.await(() -> network.rules().equals(rules));
      agent.awaitReport("state", "running");
      agent.kill();
      killEnvoy();
      assertThat(answersWithin(2000, DIRECT)).isTrue();
    }
  }

  @Test
  void atBootAHostWithoutGenerationIsNotRedirected() throws Exception {
    String before = network.rules();

    assertThat(agent.command("boot").code()).isZero();

    assertThat(network.rules()).isEqualTo(before);
    assertThat(request()).isEqualTo(DIRECT);
  }

  private Map<String, String> bundle(String onProxyFailure) {
    Map<String, String> files = Bundles.transparent(workload.getLocalPort());
    files.put(
        "iptables/v4.rules",
        Bundles.rules("-A SLUICE_OUTBOUND -p tcp --dport 80 -j SLUICE_INBOUND_REDIRECT\n"));
    files.compute(
        "agent.properties",
        (path, text) ->
            String.valueOf(text)
                .replaceAll("on-proxy-failure=.*", "on-proxy-failure=" + onProxyFailure));
    return files;
  }

  /** A rule of somebody else behind all that stand: two stand before ours. */
  private void foreignRule(String port) throws Exception {
    network.run(
        iptables("iptables"),
        "-t",
        "nat",
        "-A",
        "OUTPUT",
        "-p",
        "udp",
        "--dport",
        port,
        "-j",
        "RETURN");
  }

  private void killEnvoy() throws Exception {
    Processes.signal(agent.envoyPid().orElseThrow(), "KILL");
  }

  /** What is left of a host after a reboot: its disk. */
  private void reboot() throws Exception {
    agent.kill();
    agent.awaitWatchdog();
    for (String folder : new String[] {".", "guard"}) {
      for (long pid : Processes.in(agent.state().resolve(folder).normalize())) {
        Processes.signal(pid, "KILL");
      }
    }
    for (String program : new String[] {iptables("iptables"), iptables("ip6tables")}) {
      String rules =
          network
              .run(program + "-save")
              .lines()
              .filter(line -> !line.contains("SLUICE_"))
              .collect(java.util.stream.Collectors.joining("\n", "", "\n"));
      Path file = Files.createTempFile("rules", "");
      Files.writeString(file, rules);
      network.run(program + "-restore", file.toString());
      Files.delete(file);
    }
    network.run("ip", "-6", "addr", "del", "::6/128", "dev", "lo");
  }

  private boolean answersWithin(int millis, String answer) {
    long end = System.nanoTime() + millis * 1_000_000L;
    boolean answered = false;
    while (!answered && System.nanoTime() < end) {
      answered = request().equals(answer);
    }
    return answered;
  }

  private String request() {
    try {
      return network.answer(ADDRESS, 80);
    } catch (Exception e) {
      return String.valueOf(e);
    }
  }

  private void answerDirectly() {
    while (!direct.isClosed()) {
      try (Socket client = direct.accept()) {
        client.getOutputStream().write(DIRECT.getBytes(StandardCharsets.UTF_8));
      } catch (java.io.IOException e) {
        // A client that gave up, or the end of the test.
      }
    }
  }

  private String iptables(String program) {
    return program + (backend.equals("legacy") ? "-legacy" : "-nft");
  }
}
