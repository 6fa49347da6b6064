package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.Command;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles that the kernel and Envoy take and that do not work, and hosts that are mended. */
@Tag("host")
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"nf_tables", "legacy"})
class ProofOnHostTest {

  private static final String ADDRESS = "10.99.0.1";
  private static final String EXEMPTION =
      "-A SLUICE_OUTBOUND -m owner --gid-owner sluice -j RETURN";

  @Parameter String backend = "";
  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket workload;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  ProofOnHostTest() {}

  @BeforeEach
  void aHost() throws Exception {
    network = new NetworkNamespace();
    network.run("ip", "addr", "add", ADDRESS + "/32", "dev", "lo");
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, backend);
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
  void aBundleThatCapturesNothingGoesBack() throws Exception {
    agent.applied(bundle());
    String rules = network.rules();
    Map<String, String> blind = bundle();
    blind.compute("iptables/v6.rules", (path, text) -> without(text, "--dport 15009"));
    refused(blind);

    assertThat(controlPlane.report().get("rejected.reason"))
        .contains("captured connections do not arrive at Envoy", "[::6]:15009");
    assertThat(network.rules()).isEqualTo(rules);
    assertThat(network.answer(ADDRESS, 80)).isEqualTo("served");
    assertThat(Path.of(agent.state().toString(), "watchdog")).doesNotExist();
  }

  @Test
  void aBundleThatCutsTheHostOffFromItsControlPlaneGoesBack() throws Exception {
    agent.applied(bundle());
    String rules = network.rules();
    Map<String, String> deaf = bundle();
    int port = controlPlane.address().getPort();
    deaf.compute(
        "iptables/v4.rules",
        (path, text) ->
            String.valueOf(text)
                .replace(
                    EXEMPTION,
                    "-A SLUICE_OUTBOUND -p tcp --dport "
                        + port
                        + " -j REDIRECT --to-ports 15006\n"
                        + EXEMPTION));
    refused(deaf);

    assertThat(controlPlane.report().get("rejected.reason"))
        .contains("the control plane can't be reached");
    assertThat(network.rules()).isEqualTo(rules);
    assertThat(network.answer(ADDRESS, 80)).isEqualTo("served");
  }

  @Test
  void aControlPlaneThatIsAwayForItselfIsNoReasonToRefuse() throws Exception {
    agent.applied(bundle());
    controlPlane.manglePacks(
        pack -> {
          controlPlane.refuseConnections(true);
          return pack;
        });
    Map<String, String> next = bundle();
    next.put("envoy/listeners/x.json", Bundles.listener("x", 20_000, "in"));
    Bundles.Made made = controlPlane.serve(next);
    agent.await(() -> agent.logged().contains("the control plane went away during the switch"));
    controlPlane.manglePacks(pack -> pack);
    controlPlane.refuseConnections(false);

    agent.awaitReport("applied", made.digest().hex());
    assertThat(agent.logged()).doesNotContain("event=rejected");
  }

  @Test
  void aBundleRefusedForATakenPortIsTakenWhenThePortIsFree() throws Exception {
    agent.applied(bundle());
    Map<String, String> next = bundle();
    next.put("envoy/listeners/x.json", Bundles.listener("x", 20_000, "in"));
    Bundles.Made made;
    try (ServerSocket taken =
        network.inside(() -> new ServerSocket(20_000, 1, InetAddress.getLoopbackAddress()))) {
      assertThat(taken.isBound()).isTrue();
      made = refused(next);
      assertThat(controlPlane.report().get("rejected.reason")).contains("Address already in use");
      Thread.sleep(6_000);
      assertThat(agent.logged()).doesNotContain("event=reconsidered");
    }

    agent.awaitReport("applied", made.digest().hex());
  }

  @Test
  void aBundleRefusedForAMissingUserIsTakenWhenThereIsOne() throws Exception {
    agent.applied(bundle());
    String user = "sluice-t" + ProcessHandle.current().pid() % 100_000;
    Map<String, String> next = bundle();
    next.compute(
        "agent.properties",
        (path, text) ->
            String.valueOf(text).replace("proxy-user=sluice-proxy", "proxy-user=" + user));
    // Only a new Envoy is started as another user.
    next.put("envoy/bootstrap.json", Bundles.bootstrap("default.other"));
    Bundles.Made made = refused(next);
    assertThat(controlPlane.report().get("rejected.reason")).contains("there is no user " + user);
    try {
      assertThat(Command.run(List.of("useradd", "--system", "--gid", "sluice", user)).ok())
          .isTrue();
      agent.awaitReport("applied", made.digest().hex());
      Map<String, String> last = bundle();
      last.put("envoy/listeners/x.json", Bundles.listener("x", 20_000, "in"));
      agent.applied(last);
    } finally {
      Command.run(List.of("userdel", user));
    }
  }

  @Test
  void aClientThatConnectsAllTheWhileIsAlwaysCaptured() throws Exception {
    agent.applied(bundle());

    Set<String> answers =
        answersWhile(
            () -> {
              for (int i = 1; i <= 5; i++) {
                Map<String, String> next = bundle();
                int port = 30_000 + i;
                next.computeIfPresent(
                    "iptables/v4.rules",
                    (path, text) ->
                        text.replace(
                            "COMMIT",
                            "-A SLUICE_OUTBOUND -p tcp --dport " + port + " -j RETURN\nCOMMIT"));
                agent.applied(next);
              }
            });

    assertThat(answers).containsOnly("served");
  }

  @Test
  void fromCapturedToBoundAndBackNoRequestFails() throws Exception {
    agent.applied(bundle());
    Map<String, String> bound = Bundles.explicit(80, workload.getLocalPort());
    // As root Envoy could bind port 80; as its user it may here.
    network.run("sysctl", "-qw", "net.ipv4.ip_unprivileged_port_start=0");
    bound.remove("envoy/listeners/in.json");
    bound.put(
        "envoy/listeners/bound.json",
        Bundles.listener("bound", 80, "in").replace("127.0.0.1", ADDRESS));

    Set<String> answers =
        answersWhile(
            () -> {
              for (int i = 0; i < 2; i++) {
                agent.applied(bound);
                assertThat(network.rules()).doesNotContain("-A OUTPUT");
                agent.applied(bundle());
              }
              agent.applied(bound);
              agent.await(() -> agent.logged().contains("event=rules-removed"));
            });

    assertThat(answers).containsOnly("served");
    assertThat(network.rules()).doesNotContain("SLUICE_");
  }

  @Test
  void onAFullDiskEnvoyIsStartedAnewAndSoIsTheAgent() throws Exception {
    Command.run(
        List.of("mount", "-t", "tmpfs", "-o", "size=16m,mode=755", "w3", agent.state().toString()));
    Command.run(List.of("chgrp", "sluice", agent.state().toString()));
    try {
      agent.applied(bundle());
      String rules = network.rules();
      Command.run(List.of("dd", "if=/dev/zero", "bs=4k", "of=" + agent.state().resolve("filler")));
      long first = agent.envoyPid().orElseThrow();
      io.sluice.agent.host.Processes.signal(first, "KILL");
      agent.await(() -> request().equals("served"));

      agent.kill();
      for (long pid : io.sluice.agent.host.Processes.in(agent.state())) {
        io.sluice.agent.host.Processes.signal(pid, "KILL");
      }
      agent.start();
      agent.await(() -> request().equals("served"));
      assertThat(network.rules()).isEqualTo(rules);
    } finally {
      Files.deleteIfExists(agent.state().resolve("filler"));
      agent.stopAtOnce();
      agent.awaitWatchdog();
      agent.command("uninstall", "--drain", "0");
      Command.run(List.of("umount", "-l", agent.state().toString()));
    }
  }

  @Test
  void aHostThatLeavesIsTendedWhileItDrains() throws Exception {
    Map<String, String> files = bundle();
    files.computeIfPresent(
        "agent.properties", (path, text) -> text.replace("drain-seconds=1", "drain-seconds=5"));
    agent.applied(files);
    try (java.net.Socket open = network.inside(() -> new java.net.Socket(ADDRESS, 80))) {
      controlPlane.answerWith(410);
      agent.await(() -> !network.rules().contains("-A OUTPUT"));
      assertThat(open.isConnected()).isTrue();
      agent.await(() -> "removed".equals(controlPlane.report().get("state")));
    }
    assertThat(network.rules()).doesNotContain("SLUICE_");
  }

  private Bundles.Made refused(Map<String, String> files) throws Exception {
    Bundles.Made made = controlPlane.serve(files);
    agent.awaitReport("rejected", made.digest().hex());
    return made;
  }

  private Map<String, String> bundle() {
    Map<String, String> files = Bundles.transparent(workload.getLocalPort());
    files.put(
        "iptables/v4.rules",
        Bundles.rules("-A SLUICE_OUTBOUND -p tcp --dport 80 -j SLUICE_INBOUND_REDIRECT\n"));
    return files;
  }

  private static String without(@org.jspecify.annotations.Nullable String rules, String part) {
    return String.valueOf(rules)
        .lines()
        .filter(line -> !line.contains(part))
        .collect(java.util.stream.Collectors.joining("\n", "", "\n"));
  }

  /** What a client hears that asks again and again while something is done to the host. */
  private Set<String> answersWhile(NetworkNamespace.Work work) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Set<String> answers = ConcurrentHashMap.newKeySet();
    Thread client =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    answers.add(request());
                  }
                });
    try {
      work.run();
    } finally {
      over.set(true);
      client.join();
    }
    return answers;
  }

  private String request() {
    try {
      return network.answer(ADDRESS, 80);
    } catch (Exception e) {
      return String.valueOf(e);
    }
  }
}
