package io.sluice.rendering.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.host.PrivateHost;
import io.sluice.rendering.host.Program;
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
  void everyMatchAndTargetHasItsArguments() {
    Rule rule =
        new Rule(
            List.of(
                new Match.Source("10.0.0.0/8"),
                new Match.OutInterface("lo"),
                new Match.TcpDestinationPort(80),
                new Match.Not(new Match.Destination("127.0.0.1/32")),
                new Match.OwnerUser("sluice-proxy"),
                new Match.Not(new Match.OwnerGroup("sluice"))),
            new Target.Redirect(15001),
            "all");

    assertThat(write(Map.of(Chain.SLUICE_OUTBOUND, List.of(rule))))
        .contains(
            "-A SLUICE_OUTBOUND -s 10.0.0.0/8 -o lo -p tcp --dport 80 ! -d 127.0.0.1/32"
                + " -m owner --uid-owner sluice-proxy -m owner ! --gid-owner sluice"
                + " -m comment --comment \"all\" -j REDIRECT --to-ports 15001\n");
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
    return new RulesWriter().write(new RuleSet(Table.NAT, chains));
  }

  private static Rule rule(Target target, String reason) {
    return new Rule(List.of(), target, reason);
  }
}
