package io.sluice.agent.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.NetworkNamespace;
import io.sluice.agent.firewall.Backend;
import io.sluice.agent.resolver.Dnsmasq;
import io.sluice.agent.resolver.Upstreams;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Facts of a network namespace whose /etc and /run are its own. */
@Tag("host")
class SurveyTest {

  @TempDir Path temporary;
  private NetworkNamespace network;

  @SuppressWarnings("NullAway.Init") // JUnit sets the field before each test.
  SurveyTest() {}

  @BeforeEach
  void aHost() throws IOException {
    network = new NetworkNamespace();
    network.run("ip", "link", "add", "eth9", "type", "bridge");
    network.run("ip", "addr", "add", "10.99.7.2/24", "dev", "eth9");
    network.run("ip", "-6", "addr", "add", "fd00:99::2/64", "dev", "eth9", "nodad");
    network.run("ip", "link", "set", "eth9", "up");
    network.run("ip", "-6", "addr", "add", "::6/128", "dev", "lo", "nodad");
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    network.close();
  }

  @Test
  void interfacesAndAddressesAreThoseThatOthersReach() throws Exception {
    assertThat(facts(""))
        .containsEntry("format", "1")
        .containsEntry("backend", "nf_tables")
        .containsEntry("ipv6", "true")
        .containsEntry("interfaces", "eth9,lo")
        .containsEntry("addresses", "10.99.7.2/24,fd00:99:0:0:0:0:0:2/64");
  }

  @Test
  void nameServersAreThoseOfResolvConf() throws Exception {
    assertThat(
            facts(
                "printf 'search a\\nnameserver 10.0.0.2\\nnameserver fe80::1%%eth9\\n' >/etc/resolv.conf"))
        .containsEntry("dns.servers", "10.0.0.2,fe80::1");
  }

  @Test
  void behindSystemdResolvedNameServersAreTheOnesItAsks() throws Exception {
    assertThat(
            facts(
                "rm -f /etc/resolv.conf; echo nameserver 127.0.0.53 >/etc/resolv.conf;"
                    + " mkdir -p /run/systemd/resolve;"
                    + " printf 'nameserver 10.0.0.3\\nnameserver fd00::3\\n'"
                    + " >/run/systemd/resolve/resolv.conf"))
        .containsEntry("dns.servers", "10.0.0.3,fd00::3");
  }

  @Test
  void aHostWithoutSshdHasNoPortsOfIt() throws Exception {
    assertThat(facts("rm -rf /etc/ssh")).containsEntry("sshd.ports", "");
  }

  @Test
  void sshdListensOn22UnlessItsConfigurationSaysOtherwise() throws Exception {
    assertThat(facts("mkdir -p /etc/ssh; echo '#Port 23' >/etc/ssh/sshd_config"))
        .containsEntry("sshd.ports", "22");
  }

  @Test
  void portsOfSshdComeFromIncludedFilesAndListenAddresses() throws Exception {
    assertThat(
            facts(
                "mkdir -p /etc/ssh/sshd_config.d;"
                    + " printf 'Include /etc/ssh/sshd_config.d/*.conf\\nport=2200\\n"
                    + "ListenAddress [::]:2201\\nListenAddress ::1\\nMatch User a\\nPort 9\\n'"
                    + " >/etc/ssh/sshd_config;"
                    + " echo 'Port 2202 # more' >/etc/ssh/sshd_config.d/a.conf"))
        .containsEntry("sshd.ports", "2200,2201,2202");
  }

  @Test
  void portsOnWhichAProcessOfSshdListensCount() throws Exception {
    // A program's name is that of its file.
    Path sshd = Files.createSymbolicLink(temporary.resolve("sshd"), java());
    Process process =
        new ProcessBuilder(
                network.command(
                    List.of(
                        sshd.toString(), "-cp", classPath(), Listening.class.getName(), "2345")))
            .start();
    try {
      assertThat(process.getInputStream().read()).isEqualTo('!');
      assertThat(facts("rm -rf /etc/ssh")).containsEntry("sshd.ports", "2345");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void rulesOfOthersAreCountedAndNamed() throws Exception {
    network.run("iptables-nft", "-t", "nat", "-N", "DOCKER");
    network.run("iptables-nft", "-t", "nat", "-A", "OUTPUT", "-p", "udp", "-j", "DOCKER");
    network.run("ip6tables-nft", "-N", "ufw6-before-input");
    network.run("iptables-nft", "-t", "nat", "-N", "SLUICE_OUTBOUND");
    network.run("iptables-nft", "-t", "nat", "-A", "OUTPUT", "-j", "SLUICE_OUTBOUND");
    network.run("iptables-nft", "-t", "nat", "-A", "SLUICE_OUTBOUND", "-j", "RETURN");
    assertThat(facts(""))
        .containsEntry("backends.populated", "nf_tables")
        .containsEntry("foreign", "docker,ufw")
        .containsEntry("foreign.rules", "1");

    network.run("iptables-legacy", "-A", "INPUT", "-p", "udp", "-j", "ACCEPT");
    assertThat(facts(""))
        .containsEntry("backends.populated", "legacy,nf_tables")
        .containsEntry("foreign.rules", "2");
  }

  @Test
  void aLookMakesNoTables() throws Exception {
    String before = network.rules();
    facts("");
    assertThat(network.rules()).isEqualTo(before);
    assertThat(network.run("cat", "/proc/net/ip_tables_names")).isEmpty();
    assertThat(network.run("nft", "list", "tables")).isEmpty();
  }

  /** The facts after a script has changed /etc and /run, which are copies. */
  private Map<String, String> facts(String script) throws Exception {
    String whole =
        "mount -t tmpfs tmpfs /run && cp -a /etc /run/etc && mount --bind /run/etc /etc && { "
            + (script.isEmpty() ? ":" : script)
            + "; } && exec \"$@\"";
    Process process =
        new ProcessBuilder(
                network.command(
                    List.of(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        whole,
                        "sh",
                        java().toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath(),
                        Look.class.getName())))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    TreeMap<String, String> values = new TreeMap<>();
    for (String line : new String(process.getInputStream().readAllBytes(), UTF_8).split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    assertThat(process.waitFor()).isZero();
    return values;
  }

  private static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static String classPath() {
    return Path.of("target/classes").toAbsolutePath()
        + ":"
        + Path.of("target/test-classes").toAbsolutePath();
  }

  static final class Look {
    private Look() {}

    public static void main(String[] arguments) throws IOException {
      System.out.print(
          new Survey(
                  Backend.NF_TABLES,
                  new Dnsmasq("dnsmasq"),
                  new Upstreams(Path.of("/etc/resolv.conf")))
              .take()
              .text());
    }
  }

  static final class Listening {
    private Listening() {}

    public static void main(String[] arguments) throws Exception {
      try (ServerSocket socket = new ServerSocket(Integer.parseInt(arguments[0]))) {
        System.out.print("!");
        System.out.flush();
        Thread.sleep(60_000 + socket.getLocalPort());
      }
    }
  }
}
