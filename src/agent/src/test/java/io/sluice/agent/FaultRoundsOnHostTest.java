package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.Command;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A fault in every step of a switch: whatever fails, is killed or runs full, and whenever, the
 * rules of all tables and families are afterwards exactly the old or exactly the new ones.
 */
@Tag("host")
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"nf_tables", "legacy"})
class FaultRoundsOnHostTest {

  private static final String ADDRESS = "10.99.0.1";

  /** What may happen to a program that reads or loads rules. */
  private enum Fault {
    PROGRAM_FAILS,
    PROGRAM_IS_KILLED,
    AGENT_IS_KILLED_BEFORE,
    AGENT_IS_KILLED_AFTER,
    ENVOY_IS_KILLED,
    CONTROL_PLANE_IS_LOST,
    AGENT_IS_KILLED_AT_SOME_TIME,
    DISK_IS_FULL
  }

  @Parameter String backend = "";
  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket workload;
  private Path programs;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  FaultRoundsOnHostTest() {}

  @BeforeEach
  void aHost() throws Exception {
    network = new NetworkNamespace();
    network.run("ip", "addr", "add", ADDRESS + "/32", "dev", "lo");
    // As a container engine has them: chains and rules of its own in several tables.
    for (String rule :
        List.of(
            "-t nat -N DOCKER",
            "-t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
            "-t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
            "-t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
            "-t nat -A DOCKER -i docker0 -j RETURN",
            "-t mangle -A OUTPUT -p udp --dport 9 -j MARK --set-mark 0x7",
            "-t raw -A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP",
            "-N DOCKER-USER",
            "-A FORWARD -j DOCKER-USER")) {
      network.run((iptables() + " " + rule).split(" ", -1));
    }
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, backend);
    workload = network.application("served");
    programs = faultyPrograms();
    agent.programsFrom(programs);
    Command.run(
        List.of("mount", "-t", "tmpfs", "-o", "size=48m,mode=755", "w3", agent.state().toString()));
    Command.run(List.of("chgrp", "sluice", agent.state().toString()));
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    agent.stopAtOnce();
    agent.awaitWatchdog();
    assertThat(agent.command("uninstall", "--drain", "0").code()).isZero();
    Command.run(List.of("umount", "-l", agent.state().toString()));
    agent.close();
    io.sluice.agent.host.HostFiles.deleteTree(programs);
    controlPlane.close();
    workload.close();
    network.close();
  }

  @Test
  void twentyFaultsLeaveOldOrNewRules() throws Exception {
    rounds(20, 20_261_123);
  }

  @Test
  @Tag("long")
  void twoHundredFaultsLeaveOldOrNewRules() throws Exception {
    rounds(200, 4_711);
  }

  private void rounds(int count, long seed) throws Exception {
    Random random = new Random(seed);
    agent.applied(variant(1));
    int standing = 1;
    String foreign = foreign(network.rules());
    for (int round = 2; round < count + 2; round++) {
      Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
      String before = network.rules();
      int logged = agent.logged().length();
      inject(fault, random);
      Bundles.Made next = controlPlane.serve(variant(round));
      provoke(fault, random);
      agent.await(() -> ended(next, logged));
      agent.awaitWatchdog();
      String after = network.rules();

      assertThat(after)
          .describedAs("round %d, %s, seed %d", round, fault, seed)
          .isIn(before, with(before, standing, round));
      assertThat(foreign(after)).isEqualTo(foreign);
      Files.deleteIfExists(programs.resolve("fault"));
      Files.deleteIfExists(agent.state().resolve("filler"));
      settle(round);
      standing = round;
      assertThat(network.rules())
          .describedAs("round %d, %s, seed %d, settled", round, fault, seed)
          .isEqualTo(with(after, after.equals(before) ? round - 1 : round, round));
      assertThat(network.answer(ADDRESS, 80)).isEqualTo("served");
    }
  }

  private void inject(Fault fault, Random random) throws IOException {
    String what =
        switch (fault) {
          case PROGRAM_FAILS -> "exit 1";
          case PROGRAM_IS_KILLED -> "kill -9 $$";
          case AGENT_IS_KILLED_BEFORE -> "kill -9 " + agent.process().pid();
          case AGENT_IS_KILLED_AFTER ->
              "\"$real\" \"$@\"; status=$?; kill -9 " + agent.process().pid() + "; exit $status";
          case ENVOY_IS_KILLED -> "kill -9 " + agent.envoyPid().orElseThrow();
          default -> "";
        };
    if (!what.isEmpty()) {
      Files.writeString(programs.resolve("what"), what);
      Files.writeString(programs.resolve("fault"), 1 + random.nextInt(8) + "\n");
    }
  }

  private void provoke(Fault fault, Random random) throws Exception {
    switch (fault) {
      case AGENT_IS_KILLED_AT_SOME_TIME -> {
        Thread.sleep(random.nextInt(400));
        agent.kill();
      }
      case DISK_IS_FULL -> {
        Thread.sleep(random.nextInt(60));
        // The program complains when there is no more space: that is what is wanted.
        Command.run(
            List.of("dd", "if=/dev/zero", "bs=64k", "of=" + agent.state().resolve("filler")));
      }
      case CONTROL_PLANE_IS_LOST -> {
        Thread.sleep(random.nextInt(60));
        controlPlane.refuseConnections(true);
        Thread.sleep(random.nextInt(400));
        controlPlane.refuseConnections(false);
      }
      default -> {}
    }
  }

  /** Whether the switch has succeeded, has failed, or has ended with the agent. */
  private boolean ended(Bundles.Made next, int logged) throws IOException {
    String since = agent.logged().substring(logged);
    return !agent.process().isAlive()
        || next.digest().hex().equals(controlPlane.report().get("applied"))
        || since.contains("event=rejected")
        || since.contains("event=apply-failed")
        || since.contains("event=unexpected");
  }

  /** Brings the host to a variant, whatever became of the first attempt. */
  private void settle(int round) throws Exception {
    if (!agent.process().isAlive()) {
      agent.start();
    }
    Map<String, String> files = variant(round);
    files.put("envoy/listeners/again.json", Bundles.listener("again", 30_000, "in"));
    Bundles.Made again = controlPlane.serve(files);
    agent.awaitReport("applied", again.digest().hex());
  }

  private Map<String, String> variant(int n) {
    Map<String, String> files = Bundles.transparent(workload.getLocalPort());
    String more =
        """
        *mangle
        :SLUICE_MARKED - [0:0]
        -A OUTPUT -p tcp --syn -j SLUICE_MARKED
        -A SLUICE_MARKED -p tcp --dport %d -j RETURN
        COMMIT
        *raw
        :SLUICE_MARKED - [0:0]
        -A PREROUTING -p tcp --syn -j SLUICE_MARKED
        -A SLUICE_MARKED -p tcp --dport %d -j RETURN
        COMMIT
        """
            .formatted(40_000 + n, 40_000 + n);
    String rule = "-A SLUICE_OUTBOUND -p tcp --dport " + (40_000 + n) + " -j RETURN\n";
    String capture = "-A SLUICE_OUTBOUND -p tcp --dport 80 -j SLUICE_INBOUND_REDIRECT\n";
    files.put("iptables/v4.rules", more + Bundles.rules(capture, rule));
    files.put("iptables/v6.rules", more + Bundles.rules(rule));
    files.put("envoy/listeners/x.json", Bundles.listener("x", 20_000 + n, "in"));
    return files;
  }

  private static String with(String rules, int from, int to) {
    return rules.replace("--dport " + (40_000 + from), "--dport " + (40_000 + to));
  }

  private static String foreign(String rules) {
    return String.join("\n", rules.lines().filter(line -> !line.contains("SLUICE_")).toList());
  }

  /**
   * Programs that do as those of the host until a file says that it is their turn to fail; of two
   * at a time one has the file.
   */
  private Path faultyPrograms() throws IOException {
    Path folder = Files.createTempDirectory("sluice-faults");
    String kind = backend.equals("legacy") ? "-legacy" : "-nft";
    for (String name :
        List.of(
            "iptables" + kind + "-save",
            "iptables" + kind + "-restore",
            "ip6tables" + kind + "-save",
            "ip6tables" + kind + "-restore")) {
      Path program = folder.resolve(name);
      String real = Command.run(List.of("sh", "-c", "command -v " + name)).out().strip();
      assertThat(real).describedAs("the program " + name).isNotEmpty();
      Files.writeString(
          program,
          """
          #!/bin/sh
          real=%s here=%s
          if mv "$here/fault" "$here/fault.$$" 2>/dev/null; then
            read -r left <"$here/fault.$$"
            if [ "$left" = 1 ]; then
              rm "$here/fault.$$"
              . "$here/what"
            else
              echo $((left - 1)) >"$here/fault.$$"
              mv "$here/fault.$$" "$here/fault"
            fi
          fi
          exec "$real" "$@"
          """
              .formatted(real, folder));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return folder;
  }

  private String iptables() {
    return backend.equals("legacy") ? "iptables-legacy" : "iptables-nft";
  }
}
