package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Uninstall on hosts on which not everything is as the agent left it. */
@Tag("host")
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"nf_tables", "legacy"})
class UninstallOnHostTest {

  private static final String ADDRESS = "10.99.0.1";

  @Parameter String backend = "";
  private NetworkNamespace network;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket silent;
  private String before = "";

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  UninstallOnHostTest() {}

  @BeforeEach
  void aHostThatIsRedirected() throws Exception {
    network = new NetworkNamespace();
    network.run("ip", "addr", "add", ADDRESS + "/32", "dev", "lo");
    iptables("-t", "nat", "-A", "OUTPUT", "-p", "udp", "-j", "RETURN");
    before = rules();
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, backend);
    silent = network.inside(() -> new ServerSocket(0, 50));
    Map<String, String> files = Bundles.transparent(silent.getLocalPort());
    files.put(
        "iptables/v4.rules",
        Bundles.rules("-A SLUICE_OUTBOUND -p tcp --dport 80 -j SLUICE_INBOUND_REDIRECT\n"));
    agent.applied(files);
    agent.kill();
    controlPlane.answerWith(503);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (long pid : Processes.in(agent.state())) {
      Processes.signal(pid, "KILL");
    }
    agent.close();
    controlPlane.close();
    silent.close();
    network.close();
  }

  @Test
  void rulesThatWereChangedOrHaveLostTheirCommentsAreRemoved() throws Exception {
    iptables("-t", "nat", "-F", "PREROUTING");
    iptables("-t", "nat", "-A", "PREROUTING", "-p", "tcp", "-j", "SLUICE_INBOUND");
    iptables("-t", "nat", "-I", "SLUICE_OUTBOUND", "-d", "10.1.1.1", "-j", "RETURN");
    iptables("-t", "nat", "-N", "SLUICE_STRAY");
    iptables("-t", "nat", "-F", "SLUICE_INBOUND_REDIRECT");

    assertThat(agent.command("uninstall").code()).isZero();
    assertThat(rules()).isEqualTo(before);
    assertThat(Processes.in(agent.state())).isEmpty();
  }

  @Test
  void aStateFolderThatIsGoneLeavesNothingBehind() throws Exception {
    HostFiles.deleteTree(agent.state());

    AgentOnHost.Ended uninstall = agent.command("uninstall", "--drain", "0");

    assertThat(uninstall.err()).contains("uninstalled");
    assertThat(uninstall.code()).isZero();
    assertThat(rules()).isEqualTo(before);
    assertThat(Processes.in(agent.state())).isEmpty();
    assertThat(agent.state()).doesNotExist();
  }

  @Test
  void aDamagedStateFolderIsNoObstacle() throws Exception {
    for (String file : new String[] {"owner", "applied", "rules.properties", "envoy.properties"}) {
      Files.write(agent.state().resolve(file), new byte[] {(byte) 0xff, '\\', 'u', 'x', 0, '='});
    }
    HostFiles.deleteTree(agent.state().resolve("generations"));

    assertThat(agent.command("uninstall").code()).isZero();
    assertThat(rules()).isEqualTo(before);
    assertThat(Processes.in(agent.state())).isEmpty();
  }

  @Test
  void rulesInTheOtherBackendAreRemovedToo() throws Exception {
    String other = backend.equals("legacy") ? "nf_tables" : "legacy";

    assertThat(agent.command("uninstall", "--iptables", other).code()).isZero();
    assertThat(rules()).isEqualTo(before);
  }

  @Test
  void aFolderWithAnotherMarkRemovesNothing() throws Exception {
    String standing = network.rules();
    Files.writeString(agent.state().resolve("owner"), "0123456789ab\n");

    assertThat(agent.command("uninstall").code()).isEqualTo(ExitCode.REFUSED);
    assertThat(network.rules()).isEqualTo(standing);
    assertThat(agent.command("uninstall", "--force").code()).isZero();
    assertThat(rules()).isEqualTo(before);
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    String standing = network.rules();
    String addresses = network.run("ip", "addr");
    String files = files();

    AgentOnHost.Ended dry = agent.command("uninstall", "--dry-run", "--purge");

    assertThat(dry.code()).isZero();
    assertThat(dry.out())
        .contains("-D PREROUTING")
        .contains("stop Envoy, process ")
        .contains("delete " + agent.state());
    assertThat(agent.command("setup", "--dry-run").code()).isZero();
    assertThat(network.rules()).isEqualTo(standing);
    assertThat(network.run("ip", "addr")).isEqualTo(addresses);
    assertThat(files()).isEqualTo(files);
    assertThat(Processes.in(agent.state())).hasSize(1);
  }

  @Test
  void aDryRunSaysThatThereIsNothingToRemove() throws Exception {
    assertThat(agent.command("uninstall").code()).isZero();

    assertThat(agent.command("uninstall", "--dry-run").out()).startsWith("nothing to remove: ");
  }

  @Test
  void proxiedConnectionsEndByThemselvesThoughOthersHaveEmptiedOurChains() throws Exception {
    // What knows where the packets of the connection go must not end with the last rule.
    iptables("-t", "nat", "-F", "SLUICE_INBOUND_REDIRECT");
    iptables(
        "-t",
        "nat",
        "-A",
        "SLUICE_INBOUND_REDIRECT",
        "-p",
        "tcp",
        "-j",
        "REDIRECT",
        "--to-ports",
        "15006");
    Process uninstall;
    try (Socket client = network.inside(() -> connected());
        Socket server = silent.accept()) {
      iptables("-t", "nat", "-F", "SLUICE_INBOUND_REDIRECT");
      uninstall = agent.begin("uninstall", "--drain", "20");
      agent.await(() -> network.rules().contains("SLUICE_KEEPER"));
      for (int i = 0; i < 10; i++) {
        client.getOutputStream().write(i);
        assertThat(server.getInputStream().read()).isEqualTo(i);
        Thread.sleep(50);
      }
    }
    assertThat(uninstall.waitFor()).isZero();
    assertThat(rules()).isEqualTo(before);
  }

  private static Socket connected() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(ADDRESS, 80), 3000);
    socket.setSoTimeout(5000);
    return socket;
  }

  /** Without tables that hold no rule, which the kernel makes on first use. */
  private String rules() throws IOException {
    return network.rules().replaceAll("\\*[a-z]+\n(:[A-Z]+ ACCEPT \n)*COMMIT\n", "");
  }

  private String files() throws IOException {
    StringBuilder all = new StringBuilder();
    try (var paths = Files.walk(agent.state())) {
      for (var path : (Iterable<java.nio.file.Path>) paths.sorted()::iterator) {
        // Envoy writes its log and its socket while it runs.
        if (!path.toString().contains("envoy.log")) {
          all.append(path).append(Files.getLastModifiedTime(path)).append('\n');
        }
      }
    }
    return all.toString();
  }

  private void iptables(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = "iptables-" + (backend.equals("legacy") ? "legacy" : "nft");
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    network.run(command);
  }
}
