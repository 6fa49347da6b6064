package io.sluice.rendering.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.host.PrivateHost;
import io.sluice.rendering.host.Program;
import io.sluice.rendering.settings.RedirectSettings.Comments;
import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.PortRange;
import io.sluice.resources.transparentproxy.UidRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesWriterTest {

  @Test
  void chainsOfOursAreDeclaredSoThatLoadingEmptiesThem() {
    String text =
        write(
            Map.of(
                Chain.OUTPUT, List.of(rule(new Target.Jump(Chain.SLUICE_OUTBOUND), "jump")),
                Chain.SLUICE_OUTBOUND, List.of(rule(new Target.Return(), "leave"))));

    assertThat(text)
        .isEqualTo(
            """
            *nat
            :SLUICE_OUTBOUND - [0:0]
            -A OUTPUT -m comment --comment "jump" -j SLUICE_OUTBOUND
            -A SLUICE_OUTBOUND -m comment --comment "leave" -j RETURN
            COMMIT
            """);
  }

  @Test
  void rulesThatStandFirstAreCounted() {
    Rule jump = rule(new Target.Jump(Chain.SLUICE_OUTBOUND), "jump");

    assertThat(
            write(
                Map.of(
                    Chain.OUTPUT,
                    List.of(jump.at(Place.FIRST), jump.at(Place.FIRST), jump),
                    Chain.SLUICE_OUTBOUND,
                    List.of())))
        .containsSubsequence("-I OUTPUT 1 -m", "-I OUTPUT 2 -m", "-A OUTPUT -m");
  }

  @Test
  void everyMatchAndTargetHasItsArguments() {
    Cidr network = Cidr.parse("10.0.0.0/8").orElseThrow();
    Rule rule =
        new Rule(
            List.of(
                new Match.Source(network),
                new Match.InInterface("br+"),
                new Match.OutInterface("lo"),
                Packets.TCP,
                new Match.Syn(),
                new Match.DestinationPorts(new PortRange(80, 89)),
                new Match.SourcePorts(PortRange.of(53)),
                new Match.Not(new Match.Destination(network)),
                new Match.LocalDestination(),
                new Match.Not(new Match.LocalDestination()),
                new Match.Invalid(),
                new Match.OwnerUser("sluice-proxy"),
                new Match.OwnerUsers(new UidRange(5, 9)),
                new Match.Not(new Match.OwnerGroup("sluice"))),
            new Target.Redirect(15001),
            "all",
            "");

    assertThat(write(Map.of(Chain.SLUICE_OUTBOUND, List.of(rule))))
        .contains(
            "-A SLUICE_OUTBOUND -s 10.0.0.0/8 -i br+ -o lo -p tcp --syn --dport 80:89 --sport 53"
                + " ! -d 10.0.0.0/8 -m addrtype --dst-type LOCAL -m addrtype ! --dst-type LOCAL"
                + " -m conntrack --ctstate INVALID -m owner --uid-owner sluice-proxy"
                + " -m owner --uid-owner 5-9 -m owner ! --gid-owner sluice"
                + " -m comment --comment \"all\" -j REDIRECT --to-ports 15001\n");
  }

  @Test
  void packetsCanBeDroppedLoggedAndPutIntoZones() {
    List<Rule> rules =
        List.of(
            rule(new Target.Drop(), "drop"),
            rule(new Target.Zone(2), "zone"),
            rule(new Target.Log("sluice dns: ", 7), "log"));

    assertThat(
            new RulesWriter(Comments.LEFT_OUT)
                .write(List.of(new RuleSet(Table.RAW, Map.of(Chain.SLUICE_DNS, rules)))))
        .isEqualTo(
            """
            *raw
            :SLUICE_DNS - [0:0]
            -A SLUICE_DNS -j DROP
            -A SLUICE_DNS -j CT --zone 2
            -A SLUICE_DNS -j LOG --log-prefix "sluice dns: " --log-level 7
            COMMIT
            """);
  }

  @Test
  void theKernelKeepsTheLongestReasonWithQuotesAndBackslashes(@TempDir Path folder)
      throws IOException {
    String reason = "say \"no\" to C:\\ and $HOME; # -j ACCEPT " + "x".repeat(216);
    Files.writeString(
        folder.resolve("rules"),
        write(Map.of(Chain.SLUICE_INBOUND, List.of(rule(new Target.Return(), reason)))));

    try (PrivateHost host = new PrivateHost(folder)) {
      Program.Result result = host.run("iptables-restore --noflush rules; iptables-save -t nat");

      assertThat(result.output())
          .contains(
              "-A SLUICE_INBOUND -m comment --comment \""
                  + reason.replace("\\", "\\\\").replace("\"", "\\\"")
                  + "\" -j RETURN\n");
    }
  }

  private static String write(Map<Chain, List<Rule>> chains) {
    return new RulesWriter(Comments.WRITTEN).write(List.of(new RuleSet(Table.NAT, chains)));
  }

  private static Rule rule(Target target, String reason) {
    return new Rule(List.of(), target, reason, "");
  }
}
