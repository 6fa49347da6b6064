package io.sluice.acceptance.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.Command;
import io.sluice.acceptance.traffic.EchoApplication;
import io.sluice.acceptance.traffic.HttpAnswer;
import io.sluice.acceptance.traffic.HttpConnection;
import io.sluice.acceptance.traffic.Relay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  @Test
  void hostsReachEachOtherOverBothFamilies() throws IOException {
    try (RunFolder run = RunFolder.open();
        Topology topology = new Topology(run)) {
      Host client = topology.host("client", 2);
      Host server = topology.host("server", 3);
      try (EchoApplication _ = EchoApplication.start("echo", server, "::", 5000)) {
        HttpAnswer over4 = HttpConnection.get(client, server.ipv4(5000), "/", LIMIT);
        HttpAnswer over6 = HttpConnection.get(client, server.ipv6(5000), "/", LIMIT);

        assertThat(over4.peer()).isEqualTo("10.119.249.2");
        assertThat(over6.peer()).isEqualTo("fd00:119:249::2");
      }
    }
  }

  @Test
  void aRelayLeadsFromOutsideToTheLoopbackOfAHost() throws IOException {
    try (RunFolder run = RunFolder.open();
        Topology topology = new Topology(run)) {
      Host server = topology.host("server", 3);
      Host client = topology.host("client", 2);
      try (EchoApplication _ = EchoApplication.start("echo", server, "127.0.0.1", 5681);
          Relay relay = Relay.start(0, server, 5681)) {
        String answer = Command.run("curl", "-sS", "-m", "5", "http://127.0.0.1:" + relay.port());

        assertThat(answer).startsWith("echo: called from 127.0.0.1:");
      }
      assertThat(client.namespace().attempt("curl", "-s", "http://127.0.0.1:5681").status())
          .as("another host's loopback is not reached")
          .isNotZero();
    }
  }

  @Test
  void nothingIsLeftOfARun() throws IOException {
    String before = Command.run("ip", "netns", "list") + Command.run("ip", "-br", "link");
    Path folder;
    try (RunFolder run = RunFolder.open();
        Topology topology = new Topology(run)) {
      folder = run.path();
      Host host = topology.host("host", 2);
      new ProcessBuilder(host.namespace().command("sleep", "600")).start();
    }
    assertThat(Command.run("ip", "netns", "list") + Command.run("ip", "-br", "link"))
        .isEqualTo(before);
    assertThat(folder).doesNotExist();
  }

  @Test
  void theNextRunRemovesWhatAKilledOneLeft() throws IOException {
    Path killed = Files.createTempDirectory("sluice-run-");
    String namespace = "sluice-killed-" + ProcessHandle.current().pid();
    Files.writeString(killed.resolve("namespaces"), namespace + "\n");
    Files.createFile(killed.resolve("lock")); // which nobody holds
    Command.run("ip", "netns", "add", namespace);
    Process survivor =
        new ProcessBuilder("nsenter", "--net=/run/netns/" + namespace, "sleep", "600").start();

    RunFolder.open().close();

    assertThat(killed).doesNotExist();
    assertThat(Command.run("ip", "netns", "list")).doesNotContain(namespace);
    assertThat(survivor.isAlive()).isFalse();
  }

  @Test
  void theNextRunSparesOneThatGoesOn() {
    try (RunFolder first = RunFolder.open()) {
      RunFolder.open().close();

      assertThat(first.path()).exists();
    }
  }

  @Test
  void aHostsAddressesAreThoseOfTheTopology() {
    try (RunFolder run = RunFolder.open();
        Topology topology = new Topology(run)) {
      Host host = topology.host("explicit", 39);

      assertThat(List.of(host.ipv4(15000), host.ipv6(15000)))
          .containsExactly(
              new InetSocketAddress(InetAddress.ofLiteral("10.119.249.39"), 15000),
              new InetSocketAddress(InetAddress.ofLiteral("fd00:119:249::39"), 15000));
    }
  }
}
