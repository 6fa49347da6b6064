package io.sluice.agent.firewall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.Bundles;
import io.sluice.agent.NetworkNamespace;
import io.sluice.agent.host.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Switches of rules in a network namespace, by programs that end as a test says. */
@Tag("host")
class RuleSwitchTest {

  private static final Set<Integer> PORTS = Set.of(15001, 15006);

  @TempDir Path state;
  private NetworkNamespace network;
  private Firewall firewall;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  RuleSwitchTest() {}

  @BeforeEach
  void aHostWithoutRules() throws Exception {
    network = new NetworkNamespace();
    firewall = firewall();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    network.close();
  }

  @Test
  void rulesAreUndoneThoughNobodyTellsHowTheirProgramEnded() throws Exception {
    network.inside(() -> plan(Bundles.rules()).install());
    String rules = network.rules();
    RuleSwitch failing =
        network.inside(
            () -> {
              RuleSwitch next = plan(Bundles.rules("-A SLUICE_OUTBOUND -d 10.1.1.1 -j RETURN\n"));
              next.announce();
              next.load(
                  new Unheard(
                      new OwnPrograms(Backend.NF_TABLES),
                      () -> {
                        throw new IOException("the watchdog has given the rules back");
                      }));
              return next;
            });
    assertThat(network.rules()).isNotEqualTo(rules);

    network.inside(
        () -> {
          failing.undo();
          return true;
        });

    assertThat(network.rules()).isEqualTo(rules);
    assertThat(network.inside(() -> firewall().plan(texts(Bundles.rules()), PORTS).install()))
        .as("families of which the ledger does not know that they stand")
        .isZero();
  }

  @Test
  void rulesAreUndoneAlsoWhenTheAgentItselfFails() throws Exception {
    network.inside(() -> plan(Bundles.rules()).install());
    String rules = network.rules();
    RulePrograms failing =
        new Unheard(
            new OwnPrograms(Backend.NF_TABLES),
            () -> {
              throw new IllegalStateException("no such class");
            });

    assertThatThrownBy(
            () ->
                network.inside(
                    () ->
                        plan(Bundles.rules("-A SLUICE_OUTBOUND -d 10.1.1.1 -j RETURN\n"))
                            .install(failing)))
        .hasRootCauseMessage("no such class");

    assertThat(network.rules()).isEqualTo(rules);
    assertThat(network.inside(() -> firewall().plan(texts(Bundles.rules()), PORTS).install()))
        .as("families of which the ledger does not know that they stand")
        .isZero();
  }

  private Firewall firewall() throws IOException {
    return new Firewall(Backend.NF_TABLES, "0123456789ab", new Ledger(state));
  }

  private RuleSwitch plan(String rules) throws Exception {
    return firewall.plan(texts(rules), PORTS);
  }

  private static Map<IpFamily, byte[]> texts(String rules) {
    return Map.of(IpFamily.V4, rules.getBytes(UTF_8));
  }

  /** How a program ended. */
  private interface End {
    Command.Result result() throws IOException;
  }

  /** Programs run by somebody who does not come to say how those ended that load rules. */
  private record Unheard(RulePrograms programs, End end) implements RulePrograms {

    @Override
    public Command.Result test(IpFamily family, String transaction) throws IOException {
      return programs.test(family, transaction);
    }

    @Override
    public Loading load(IpFamily family, String transaction) throws IOException {
      programs.load(family, transaction);
      return new Loading() {
        @Override
        public boolean isOver() {
          return true;
        }

        @Override
        public Command.Result result() throws IOException {
          return end.result();
        }
      };
    }
  }
}
