package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a host is left with when the agent, its Envoy or its disk fails in the middle. */
@Tag("host")
class FaultsOnHostTest {

  private static final String ADDRESS = "10.99.0.1";

  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket blue;
  private ServerSocket green;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  FaultsOnHostTest() {}

  @BeforeEach
  void aHost() throws Exception {
    network = new NetworkNamespace();
    network.run("ip", "addr", "add", ADDRESS + "/32", "dev", "lo");
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, "nf_tables");
    blue = network.application("blue");
    green = network.application("green");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    agent.stopAtOnce();
    for (long pid : processes()) {
      Processes.signal(pid, "KILL");
    }
    agent.close();
    controlPlane.close();
    blue.close();
    green.close();
    network.close();
  }

  @Test
  void whatCanNotBeNotedIsUndone() throws Exception {
    agent.applied(variant(2));
    String rules = network.rules();
    long envoy = agent.envoyPid().orElseThrow();
    Path applied = agent.state().resolve("applied");
    Files.move(applied, applied.resolveSibling("aside"));
    Files.createDirectories(applied.resolve("in-the-way"));
    Bundles.Made next = controlPlane.serve(variant(1));
    agent.await(() -> agent.logged().contains("event=apply-failed"));

    assertThat(network.rules()).isEqualTo(rules);
    assertThat(agent.envoyPid()).contains(envoy);
    assertThat(request()).isEqualTo("blue");

    Files.delete(applied.resolve("in-the-way"));
    Files.delete(applied);
    agent.awaitReport("applied", next.digest().hex());
    assertThat(request()).isEqualTo("green");
  }

  @Test
  void rulesThatCanNotBeNotedAreUndone() throws Exception {
    agent.applied(variant(2));
    String rules = network.rules();
    Path inTheWay = agent.state().resolve(".rules.properties.new");
    Files.createDirectories(inTheWay);
    Bundles.Made next = controlPlane.serve(variant(1));
    agent.await(() -> agent.logged().contains("event=apply-failed"));

    assertThat(network.rules()).isEqualTo(rules);
    assertThat(request()).isEqualTo("blue");

    Files.delete(inTheWay);
    agent.awaitReport("applied", next.digest().hex());
    assertThat(request()).isEqualTo("green");
  }

  @Test
  void aLiveFolderThatCanNotBeWrittenEndsNoEnvoy() throws Exception {
    agent.applied(variant(2));
    long envoy = agent.envoyPid().orElseThrow();
    // No file can be put into the live folder, as when the disk is full.
    for (String name : List.of(".lds.json.new", ".cds.json.new")) {
      Files.createDirectories(agent.state().resolve("live").resolve(name));
    }
    controlPlane.serve(variant(1));
    agent.await(() -> agent.logged().contains("event=apply-failed"));

    assertThat(agent.envoyPid()).contains(envoy);
    assertThat(request()).isIn("blue", "green");
  }

  @Test
  void anEnvoyThatNobodyNotedIsAdopted() throws Exception {
    agent.applied(variant(2));
    long envoy = agent.envoyPid().orElseThrow();
    agent.kill();
    Files.delete(agent.state().resolve("envoy.properties"));
    Files.delete(agent.state().resolve("applied"));

    agent.start();
    Bundles.Made next = controlPlane.serve(variant(1));
    agent.awaitReport("applied", next.digest().hex());

    assertThat(processes()).containsExactly(envoy);
    assertThat(request()).isEqualTo("green");
  }

  @Test
  void uninstallEndsAnEnvoyThatNobodyNoted() throws Exception {
    agent.applied(variant(2));
    agent.kill();
    Files.delete(agent.state().resolve("envoy.properties"));

    assertThat(agent.command("uninstall", "--drain", "0").code()).isZero();

    agent.await(() -> processes().isEmpty());
  }

  @Test
  void uninstallEndsAnEnvoyThatStillDrains() throws Exception {
    Map<String, String> files = variant(2);
    files.put(
        "agent.properties", Bundles.TRANSPARENT.replace("drain-seconds=1", "drain-seconds=30"));
    agent.applied(files);
    files.put("envoy/bootstrap.json", Bundles.bootstrap("default.other"));
    agent.applied(files);
    assertThat(processes()).hasSize(2);
    agent.kill();

    assertThat(agent.command("uninstall", "--drain", "0").code()).isZero();

    agent.await(() -> processes().isEmpty());
  }

  @Test
  void changedRedirectPortsLoseNoConnection() throws Exception {
    agent.applied(transparent(blue, 15006));
    AtomicBoolean over = new AtomicBoolean();
    Map<String, Integer> answers = new ConcurrentHashMap<>();
    Thread load =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    answers.merge(request(), 1, Integer::sum);
                  }
                });
    for (int port : List.of(16006, 15006, 16006, 15006)) {
      agent.applied(transparent(blue, port));
    }
    over.set(true);
    load.join();

    assertThat(answers).containsOnlyKeys("blue");
  }

  @Test
  void aControlPlaneThatStopsWithinAPackDoesNotKeepEnvoyDown() throws Exception {
    agent.applied(variant(2));
    controlPlane.stallPacks(true);
    controlPlane.serve(variant(1));
    agent.await(
        () -> agent.logged().lines().filter(line -> line.contains("event=received")).count() > 1);
    Processes.signal(agent.envoyPid().orElseThrow(), "KILL");

    agent.await(() -> request().equals("blue"));
    controlPlane.stallPacks(false);
    agent.await(() -> request().equals("green"));
  }

  @Test
  void anAgentThatWaitsToRegisterLooksAfterEnvoy() throws Exception {
    agent.applied(variant(2));
    agent.kill();
    controlPlane.answerRegistrationsWith(503);
    Path dataplane = agent.state().resolve("dataplane.yaml");
    Files.writeString(dataplane, "type: Dataplane\n");
    agent.start("--dataplane-file", dataplane.toString());
    agent.await(() -> agent.logged().contains("event=registration-waits"));

    Processes.signal(agent.envoyPid().orElseThrow(), "KILL");

    agent.await(() -> request().equals("blue"));
  }

  @Test
  void aWatchdogThatIsSlowToEndTakesNothingFromTheNext() throws Exception {
    Path programs = Files.createTempDirectory("slow");
    Path remove = programs.resolve("rm");
    Files.writeString(remove, "#!/bin/sh\nsleep 2\nexec /bin/rm \"$@\"\n");
    Files.setPosixFilePermissions(remove, PosixFilePermissions.fromString("rwxr-xr-x"));
    agent.programsFrom(programs);
    agent.applied(variant(2));
    String rules = network.rules();
    Map<String, String> blind = variant(1);
    blind.computeIfPresent(
        "iptables/v6.rules", (path, text) -> text.replaceAll("(?m)^.*--dport 15009.*\n", ""));
    controlPlane.serve(blind);
    agent.await(() -> !network.rules().equals(rules));
    // The agent takes 3 s to see that nothing is captured over IPv6.
    Thread.sleep(2_200);
    agent.kill();
    agent.awaitWatchdog();

    assertThat(agent.logged()).doesNotContain("event=rejected");
    assertThat(network.rules()).isEqualTo(rules);
    HostFiles.deleteTree(programs);
  }

  @Test
  @Tag("long")
  void anAgentKilledAtAnyMomentOfASwitchLeavesOldOrNewRulesAndOneEnvoy() throws Exception {
    Random random = new Random(7);
    agent.applied(variant(2));
    for (int round = 1; round <= 24; round++) {
      String before = network.rules();
      Bundles.Made next = controlPlane.serve(variant(round));
      Thread.sleep(random.nextInt(round % 3 == 0 ? 700 : 120));
      agent.kill();
      String after = network.rules();
      assertThat(request()).isIn("blue", "green");
      agent.start();
      agent.awaitReport("applied", next.digest().hex());
      String settled = network.rules();
      for (String mark : List.of(" -d 10.1.1.", " -d fd00::")) {
        assertThat(line(after, mark)).isIn(line(before, mark), line(settled, mark));
      }
    }
    agent.await(() -> processes().size() == 1);
  }

  private Map<String, String> variant(int n) {
    Map<String, String> files = transparent(n % 2 == 0 ? blue : green, 15006);
    files.put(
        "iptables/v4.rules",
        Bundles.rules(capture(), "-A SLUICE_OUTBOUND -d 10.1.1." + n + " -j RETURN\n"));
    files.put(
        "iptables/v6.rules",
        Bundles.rules("-A SLUICE_OUTBOUND -d fd00::" + Integer.toHexString(n) + " -j RETURN\n"));
    files.put("envoy/listeners/x.json", Bundles.listener("x", 20000 + n, "in"));
    if (n % 3 == 0) {
      files.put("envoy/bootstrap.json", Bundles.bootstrap("default.n" + n));
    }
    return files;
  }

  private static String line(String rules, String part) {
    return rules.lines().filter(l -> l.contains(part)).findFirst().orElse("-");
  }

  private List<Long> processes() throws IOException {
    List<Long> found = new ArrayList<>();
    try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path p : all) {
        try {
          if (Files.readSymbolicLink(p.resolve("cwd")).equals(agent.state())) {
            found.add(Long.parseLong(p.getFileName().toString()));
          }
        } catch (IOException e) {
          // gone
        }
      }
    }
    return found;
  }

  private static String capture() {
    return "-A SLUICE_OUTBOUND -p tcp --dport 80 -j SLUICE_INBOUND_REDIRECT\n";
  }

  private static Map<String, String> transparent(ServerSocket application, int port) {
    Map<String, String> files = Bundles.transparent(application.getLocalPort());
    files.put("iptables/v4.rules", Bundles.rules(capture()));
    if (port != 15006) {
      files.replaceAll((path, text) -> text.replace("15006", "" + port));
      files.remove("envoy/listeners/in.json");
      files.put("envoy/listeners/in-16006.json", Bundles.listener("in-16006", port, "in"));
    }
    return files;
  }

  private String request() {
    try {
      return network.answer(ADDRESS, 80);
    } catch (Exception e) {
      return String.valueOf(e);
    }
  }
}
