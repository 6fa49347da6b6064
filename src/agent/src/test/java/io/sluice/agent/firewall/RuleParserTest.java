package io.sluice.agent.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.Bundles;
import io.sluice.agent.bundle.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleParserTest {

  @Test
  void rulesOfARendererAreUnderstood() throws RefusedException {
    Rules rules = parse(Bundles.rules());

    assertThat(rules.table("nat").chains())
        .containsExactly("SLUICE_INBOUND", "SLUICE_INBOUND_REDIRECT", "SLUICE_OUTBOUND");
    assertThat(rules.table("nat").jumps()).containsOnlyKeys("PREROUTING", "OUTPUT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-A PREROUTING -p tcp -j DROP",
        "-A PREROUTING -p tcp -j ACCEPT",
        "-A PREROUTING -p tcp -j DOCKER",
        "-A POSTROUTING -p tcp -j SLUICE_INBOUND",
        "-A INPUT -p tcp -j SLUICE_INBOUND",
        "-A DOCKER -p tcp -j SLUICE_INBOUND",
        "-A SLUICE_INBOUND -p tcp -j DROP",
        "-A SLUICE_INBOUND -p tcp -j DNAT --to-destination 6.6.6.6",
        "-A SLUICE_INBOUND -p tcp -j REDIRECT --to-ports 22",
        "-A SLUICE_INBOUND -p tcp -j REDIRECT",
        "-A SLUICE_INBOUND -p tcp -j SLUICE_UNKNOWN",
        "-A SLUICE_INBOUND -p tcp -g SLUICE_OUTBOUND",
        "-A SLUICE_INBOUND -p tcp",
        "-A SLUICE_INBOUND -p icmp -j RETURN",
        "-A SLUICE_INBOUND -m bpf --object-pinned /x -j RETURN",
        "-A SLUICE_INBOUND -m recent --set -j RETURN",
        "-A SLUICE_INBOUND ! -j RETURN",
        "-A SLUICE_INBOUND -s $(reboot) -j RETURN",
        "-A SLUICE_INBOUND -j RETURN -j REDIRECT --to-ports 15006",
        "-A SLUICE_INBOUND -m comment --comment \"no end -j RETURN",
        "-I PREROUTING 1 -j SLUICE_INBOUND",
        "-D PREROUTING -j SLUICE_INBOUND",
        "-F PREROUTING",
        "-X DOCKER",
        "-P OUTPUT DROP",
        ":PREROUTING DROP [0:0]",
        ":DOCKER - [0:0]",
        ":SLUICE_OWNER_0123456789ab - [0:0]",
        ":SLUICE_INBOUND - [0:0]",
        "*filter",
        "*nat",
        "COMMIT\n*nat",
        "COMMIT\n*security\nCOMMIT\n*raw",
        "-A SLUICE_INBOUND -m comment --comment \u0001 -j RETURN",
        "rm -rf /"
      })
  void whateverABundleMayNotSayIsRefused(String line) {
    assertThatThrownBy(() -> parse(Bundles.rules(line + "\n")))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void aTableWithoutCommitIsRefused() {
    assertThatThrownBy(() -> parse("*nat\n:SLUICE_A - [0:0]\n"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("COMMIT");
  }

  @Test
  void aTruncatedLineIsRefused() {
    assertThatThrownBy(() -> parse(Bundles.rules().strip())).isInstanceOf(RefusedException.class);
  }

  @Test
  void onlyInvalidPacketsMayBeDropped() throws RefusedException {
    String start = "*mangle\n:SLUICE_A - [0:0]\n-A PREROUTING -j SLUICE_A\n";

    parse(start + "-A SLUICE_A -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n");
    assertThatThrownBy(
            () -> parse(start + "-A SLUICE_A -m conntrack ! --ctstate INVALID -j DROP\nCOMMIT\n"))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(
            () -> parse(start + "-A SLUICE_A -m conntrack --ctstate INVALID,NEW -j DROP\nCOMMIT\n"))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void aTransactionDeletesJumpsThatStandAndKeepsTheirPlace() throws RefusedException {
    LiveRules live =
        LiveRules.parse(
            """
            *nat
            :PREROUTING ACCEPT [0:0]
            :SLUICE_OLD - [0:0]
            -A PREROUTING -p udp -j DOCKER
            -A PREROUTING -p tcp -m comment --comment "new" -j SLUICE_OLD
            -A PREROUTING -p udp -m comment --comment "-j SLUICE_OLD" -j RETURN
            COMMIT
            """);

    String text = Transaction.between(live.ours(), parse(Bundles.rules()));

    assertThat(text)
        .contains("-D PREROUTING -p tcp -m comment --comment \"new\" -j SLUICE_OLD\n")
        .contains("-I PREROUTING 2 -p tcp --syn")
        .contains("-A OUTPUT -p tcp --syn")
        .contains("-X SLUICE_OLD\n")
        .doesNotContain("RETURN\n-D");
    assertThat(text.lines().filter(line -> line.startsWith("-D"))).hasSize(1);
  }

  @Test
  void aJumpMayGoBeforeTheRulesOfOthers() throws RefusedException {
    Rules wanted =
        parse(
            """
            *nat
            :SLUICE_DNS - [0:0]
            :SLUICE_OUTBOUND - [0:0]
            -I OUTPUT 1 -p udp --dport 53 -j SLUICE_DNS
            -I OUTPUT 2 -p tcp --syn --dport 53 -j SLUICE_DNS
            -A OUTPUT -p tcp --syn -j SLUICE_OUTBOUND
            -A SLUICE_DNS -p udp --dport 53 -j REDIRECT --to-ports 15006
            COMMIT
            """);
    LiveRules live =
        LiveRules.parse(
            """
            *nat
            :OUTPUT ACCEPT [0:0]
            :SLUICE_OUTBOUND - [0:0]
            -A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER
            -A OUTPUT -p tcp -j SLUICE_OUTBOUND
            -A OUTPUT -p tcp -j LATER
            COMMIT
            """);

    assertThat(Transaction.between(live.ours(), wanted))
        .contains(
            """
            -I OUTPUT 1 -p udp --dport 53 -j SLUICE_DNS
            -I OUTPUT 2 -p tcp --syn --dport 53 -j SLUICE_DNS
            -I OUTPUT 4 -p tcp --syn -j SLUICE_OUTBOUND
            """);
  }

  @Test
  void aNewJumpBesideOnesThatStandFirstGoesBehindTheRulesOfOthers() throws RefusedException {
    LiveRules live =
        LiveRules.parse(
            """
            *nat
            :SLUICE_DNS - [0:0]
            -A OUTPUT -p udp -m udp --dport 53 -j SLUICE_DNS
            -A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER
            COMMIT
            """);
    Rules wanted =
        parse(
            """
            *nat
            :SLUICE_DNS - [0:0]
            :SLUICE_OUTBOUND - [0:0]
            -I OUTPUT 1 -p udp --dport 53 -j SLUICE_DNS
            -A OUTPUT -p tcp --syn -j SLUICE_OUTBOUND
            COMMIT
            """);

    assertThat(Transaction.between(live.ours(), wanted))
        .contains("-I OUTPUT 1 -p udp --dport 53 -j SLUICE_DNS\n")
        .contains("-A OUTPUT -p tcp --syn -j SLUICE_OUTBOUND\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-I OUTPUT 2 -j SLUICE_A",
        "-I OUTPUT -j SLUICE_A",
        "-I SLUICE_A 1 -j RETURN",
        "-I INPUT 1 -j SLUICE_A",
        "-I OUTPUT 1 -j RETURN",
        "-A OUTPUT -j SLUICE_A\n-I OUTPUT 2 -j SLUICE_A",
        "-A SLUICE_A -j CT",
        "-A SLUICE_A -j CT --notrack",
        "-A SLUICE_A -j LOG",
        "-A SLUICE_A -j LOG --log-prefix \"a prefix that is longer than 29\"",
        "-A SLUICE_A -i way-too-long-name -j RETURN",
        "-A SLUICE_A -i -j RETURN"
      })
  void insertionsAndZonesAreAsClosedASetAsTheRest(String lines) {
    assertThatThrownBy(() -> parse("*raw\n:SLUICE_A - [0:0]\n" + lines + "\nCOMMIT\n"))
        .isInstanceOf(RefusedException.class);
  }

  private static Rules parse(String text) throws RefusedException {
    return RuleParser.parse(text.getBytes(StandardCharsets.ISO_8859_1), Set.of(15001, 15006));
  }
}
