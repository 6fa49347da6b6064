package io.sluice.rendering.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sluice.rendering.host.Peers;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real packets under the rules of recorded settings. */
class CapturedTrafficTest {

  @TempDir private Path folder;
  private Peers peers;

  @BeforeEach
  void peersAnswer() {
    peers = new Peers(folder);
  }

  @AfterEach
  void peersAreGone() {
    peers.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables-nft-restore", "iptables-legacy-restore"})
  void theResolverMayAskFromAPortThatAProgramHasJustUsed(String restore) {
    peers.load(rules("traffic-dns"), restore);

    assertThat(program().ask(5000, "10.90.0.2", 53)).isEqualTo("resolver");
    assertThat(resolver().ask(5000, "10.90.0.2", 53)).isEqualTo("server");
    assertThat(program().ask(5000, "10.90.0.2", 53)).isEqualTo("resolver");
  }

  /** What the zones are for: without them the resolver gets its own question. */
  @Test
  void withoutZonesAResolverThatReusesAPortAsksItself() {
    peers.load(rules("traffic-dns-without-zones"), "iptables-nft-restore");

    assertThat(program().ask(5000, "10.90.0.2", 53)).isEqualTo("resolver");
    assertThat(resolver().ask(5000, "10.90.0.2", 53)).isEqualTo("resolver");
    assertThat(resolver().ask(5001, "10.90.0.2", 53)).isEqualTo("server");
  }

  @Test
  void aFirewallThatLetsInAnswersAloneStillLetsThemIn() {
    peers.load(rules("traffic-dns"), "iptables-nft-restore");
    peers.onHost(
        """
        iptables-nft -A INPUT -i eth0 -m conntrack --ctstate ESTABLISHED -j ACCEPT
        iptables-nft -A INPUT -i eth0 -j DROP
        """);

    assertThat(peers.host(106, 106).ask(5000, "10.90.0.2", 53)).isEqualTo("server");
    assertThat(resolver().ask(5001, "10.90.0.2", 53)).isEqualTo("server");
    assertThat(program().ask(5002, "10.90.0.2", 53)).isEqualTo("resolver");
  }

  @Test
  void dnsOverTcpIsCapturedToo() {
    peers.load(rules("traffic-dns"), "iptables-nft-restore");

    assertThat(program().dial("10.90.0.2", 53)).isEqualTo("resolver");
    assertThat(resolver().dial("10.90.0.2", 53)).isEqualTo("server");
    assertThat(peers.host(106, 106).dial("10.90.0.2", 53)).isEqualTo("server");
  }

  @Test
  void onlyQuestionsToListedServersAreCapturedWhereOthersAreNot() {
    peers.load(rules("traffic-dns-of-listed-servers"), "iptables-nft-restore");

    assertThat(program().ask(5000, "10.90.0.2", 53)).isEqualTo("resolver");
    assertThat(program().ask(5000, "10.90.0.3", 53)).isEqualTo("server");
    assertThat(resolver().ask(5000, "10.90.0.2", 53)).isEqualTo("server");
  }

  @Test
  void outboundConnectionsToExcludedAddressesPortsAndOfExcludedUsersPass() {
    peers.load(rules("traffic-exclusions"), "iptables-nft-restore");

    assertThat(program().dial("10.90.0.2", 80)).isEqualTo("outbound");
    assertThat(program().dial("10.90.0.3", 80)).isEqualTo("server");
    assertThat(program().dial("10.90.0.2", 5432)).isEqualTo("server");
    assertThat(peers.host(107, 107).dial("10.90.0.2", 80)).isEqualTo("server");
    assertThat(peers.host(107, 107).dial("10.90.0.2", 53)).isEqualTo("outbound");
    assertThat(peers.host(0, 0).dial("10.90.0.2", 80)).isEqualTo("outbound");
    assertThat(peers.host(0, Peers.OURS).dial("10.90.0.2", 80)).isEqualTo("server");
  }

  @Test
  void inboundConnectionsOfExcludedClientsAndToProtectedPortsPass() {
    peers.load(rules("traffic-exclusions"), "iptables-nft-restore");

    assertThat(peers.world().dialFrom("10.90.0.2", "10.90.0.1", 5000)).isEqualTo("inbound");
    assertThat(peers.world().dialFrom("10.90.0.3", "10.90.0.1", 5000)).isEqualTo("application");
    assertThat(peers.world().dialFrom("10.90.0.2", "10.90.0.1", 22)).isEqualTo("sshd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables-nft-restore", "iptables-legacy-restore"})
  void containersOfAVirtualNetworkAreCapturedWhereTheyLeaveIt(String restore) {
    peers.load(rules("traffic-virtual-network"), restore);
    Peers.Someone container = peers.container();

    assertThat(container.dial("10.90.0.2", 80)).isEqualTo("outbound");
    assertThat(container.dial("10.90.0.1", 5000)).isEqualTo("outbound");
    assertThat(container.dial("172.17.0.1", 5000)).isEqualTo("application");
    assertThat(container.dial("10.90.0.1", 22)).isEqualTo("sshd");
    assertThat(container.ask(5000, "10.90.0.2", 53)).isEqualTo("resolver");
    assertThat(container.ask(5001, "172.17.0.1", 53)).isEqualTo("resolver");
    assertThat(container.dial("10.90.0.2", 53)).isEqualTo("resolver");
    assertThat(peers.world().dial("10.90.0.1", 5000)).isEqualTo("inbound");
  }

  @Test
  void whatTheHostOnlyForwardsIsNotTakenForInbound() {
    peers.load(rules("defaults-with-facts"), "iptables-nft-restore");

    assertThat(peers.container().dial("10.90.0.2", 80)).isEqualTo("server");
    assertThat(peers.container().ask(5000, "10.90.0.2", 53)).isEqualTo("server");
    assertThat(peers.container().dial("172.17.0.1", 5000)).isEqualTo("inbound");
  }

  @Test
  void aSwitchedOffDirectionIsNotCaptured() {
    peers.load(rules("inbound-disabled"), "iptables-nft-restore");

    assertThat(peers.world().dial("10.90.0.1", 5000)).isEqualTo("application");
    assertThat(program().dial("10.90.0.2", 80)).isEqualTo("outbound");

    peers.load(rules("outbound-disabled"), "iptables-nft-restore");
    peers.onHost("iptables-nft -t nat -D OUTPUT 1");

    assertThat(peers.world().dial("10.90.0.1", 5000)).isEqualTo("inbound");
    assertThat(program().dial("10.90.0.2", 80)).isEqualTo("server");
  }

  @Test
  void aConnectionFromBeforeTheRulesSurvivesThatInvalidPacketsAreDropped() throws Exception {
    try (Socket connection = peers.world().connect("10.90.0.1", 5000)) {
      assertThat(Peers.read(connection)).isEqualTo("application");

      peers.load(rules("drop-invalid-packets"), "iptables-nft-restore");

      assertThat(Peers.read(connection)).isEqualTo("application");
    }
  }

  /** With tcp_loose=0 conntrack takes what it has not seen begin for invalid. */
  @Test
  void invalidPacketsAreDropped() throws Exception {
    try (Socket connection = peers.world().connect("10.90.0.1", 5000)) {
      assertThat(Peers.read(connection)).isEqualTo("application");

      peers.load(rules("drop-invalid-packets"), "iptables-nft-restore");
      peers.onHost("echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose");

      assertThat(catchThrowable(() -> Peers.read(connection)))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(peers.onHost("iptables-nft-save -c -t mangle"))
          .containsPattern("\\[[1-9][0-9]*:[0-9]+] -A SLUICE_INVALID .* -j DROP");
    }
  }

  private Peers.Someone program() {
    return peers.host(1000, 1000);
  }

  private Peers.Someone resolver() {
    return peers.host(64003, Peers.OURS);
  }

  private static String rules(String name) {
    return RedirectCase.named(name).rendered().getOrDefault("v4.rules", "");
  }
}
