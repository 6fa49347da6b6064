package io.sluice.agent.firewall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.Bundles;
import io.sluice.agent.bundle.RefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What leads from live rules to those that are wanted, and back. */
class RulePlanTest {

  private static final Optional<String> SOURCE = Optional.of("a digest");
  private static final String OTHERS =
      """
      *nat
      :OUTPUT ACCEPT [0:0]
      -A OUTPUT -p udp -j RETURN
      COMMIT
      """;
  private static final String OURS =
      """
      *nat
      :OUTPUT ACCEPT [0:0]
      :SLUICE_OUTBOUND - [0:0]
      -A OUTPUT -p udp -j RETURN
      -A OUTPUT -p tcp -j SLUICE_OUTBOUND
      -A SLUICE_OUTBOUND -d 10.1.1.1/32 -j RETURN
      COMMIT
      """;

  @Test
  void rulesThatStandAsTheyWereLoadedAreNotDue() throws Exception {
    assertThat(new RulePlan(IpFamily.V4, SOURCE, live(OURS), wanted(), true).isDue()).isFalse();
    assertThat(new RulePlan(IpFamily.V4, SOURCE, live(OURS), wanted(), false).isDue()).isTrue();
  }

  @Test
  void noRulesWhereNoneStandAreNotDue() {
    assertThat(plan(OTHERS, Rules.none()).isDue()).isFalse();
    assertThat(plan(OURS, Rules.none()).isDue()).isTrue();
  }

  @Test
  void onlyTablesThatTheKernelLacksAreNew() throws Exception {
    assertThat(plan("", wanted()).newTables()).containsExactly("nat");
    assertThat(plan(OTHERS, wanted()).newTables()).isEmpty();
  }

  @Test
  void theWayBackPutsAJumpWhereItStoodOrBehindOthersWhereTheyHaveMoved() throws Exception {
    Map<String, String> back = plan(OURS, wanted()).wayBack();

    assertThat(back).containsOnlyKeys("v4.nat", "v4.nat.appended");
    assertThat(back.get("v4.nat"))
        .contains("-A SLUICE_OUTBOUND -d 10.1.1.1/32 -j RETURN")
        .contains("-I OUTPUT 2 -p tcp -j SLUICE_OUTBOUND");
    assertThat(back.get("v4.nat.appended")).contains("-A OUTPUT -p tcp -j SLUICE_OUTBOUND");
  }

  @Test
  void theWayBackToNoRulesDeletesWhatIsOurs() throws Exception {
    assertThat(plan(OTHERS, wanted()).wayBack().get("v4.nat"))
        .contains("-X SLUICE_INBOUND\n", "-X SLUICE_OUTBOUND\n")
        .doesNotContain("-A ", "-I ");
  }

  private static RulePlan plan(String live, Rules wanted) {
    return new RulePlan(IpFamily.V4, SOURCE, live(live), wanted, false);
  }

  private static LiveRules live(String saved) {
    return LiveRules.parse(saved);
  }

  private static Rules wanted() throws RefusedException {
    return RuleParser.parse(Bundles.rules().getBytes(UTF_8), Set.of(15001, 15006));
  }
}
