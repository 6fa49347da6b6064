package io.sluice.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.firewall.Deviation;
import io.sluice.agent.firewall.IpFamily;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DifferenceTest {

  private static final String STANDING =
      """
      *nat
      :SLUICE_INBOUND
      :SLUICE_OUTBOUND
      -A SLUICE_INBOUND -p tcp -j RETURN
      -A SLUICE_OUTBOUND -p tcp -j RETURN
      -A SLUICE_OUTBOUND -p udp -j RETURN
      -A OUTPUT -p tcp -j SLUICE_OUTBOUND
      """;

  @Test
  void rulesAndJumpsThatWereRemovedAreCounted() {
    assertThat(now(STANDING.replaceAll("(?m)^-A (SLUICE_OUTBOUND|OUTPUT) .*\n", "")))
        .isEqualTo("IPv4 nat: the jump in OUTPUT removed, 2 rules of SLUICE_OUTBOUND removed");
  }

  @Test
  void rulesThatWereAddedAreCounted() {
    assertThat(now(STANDING + "-A SLUICE_INBOUND -j ACCEPT\n"))
        .isEqualTo("IPv4 nat: 1 rule of SLUICE_INBOUND added");
  }

  @Test
  void aChangedOrderIsSaid() {
    assertThat(
            now(
                STANDING.replace(
                    "-p tcp -j RETURN\n-A SLUICE_OUTBOUND -p udp",
                    "-p udp -j RETURN\n-A SLUICE_OUTBOUND -p tcp")))
        .isEqualTo("IPv4 nat: the order of SLUICE_OUTBOUND changed");
  }

  @Test
  void chainsThatAreGoneAreNamed() {
    assertThat(now(""))
        .isEqualTo(
            "IPv4 nat: the jump in OUTPUT removed, chain SLUICE_INBOUND removed,"
                + " chain SLUICE_OUTBOUND removed");
  }

  @Test
  void withoutTheTextOfBeforeOnlyTheFamilyIsKnown() {
    assertThat(Difference.of(List.of(new Deviation(IpFamily.V6, Optional.empty(), ""))))
        .isEqualTo("IPv6: rules changed");
  }

  private static String now(String found) {
    return Difference.of(List.of(new Deviation(IpFamily.V4, Optional.of(STANDING), found)));
  }
}
