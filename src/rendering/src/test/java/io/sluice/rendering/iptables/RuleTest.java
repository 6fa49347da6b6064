package io.sluice.rendering.iptables;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two\nlines", "tab\there", "zero\0", "caf\u00e9"})
  void aReasonThatIsNoLineOfPrintableAsciiIsRefused(String reason) {
    assertThatIllegalArgumentException().isThrownBy(() -> rule(reason));
  }

  @Test
  void aReasonMayBeAsLongAsTheKernelKeeps() {
    assertThatNoException().isThrownBy(() -> rule("x".repeat(255)));
  }

  @Test
  void aReasonThatTheKernelWouldCutIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rule("x".repeat(256)))
        .withMessageContaining("up to 255 printable ASCII characters");
  }

  @Test
  void nothingJumpsIntoAChainOfTheKernel() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Target.Jump(Chain.OUTPUT));
  }

  @Test
  void portsNeedAProtocolBeforeThem() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rule(List.of(Packets.TO_DNS), new Target.Return(), "dns", ""))
        .withMessageContaining("no protocol before");
  }

  @Test
  void aJumpLeadsToAChainOfItsTable() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new RuleSet(
                    Table.NAT,
                    Map.of(
                        Chain.OUTPUT,
                        List.of(
                            new Rule(List.of(), new Target.Jump(Chain.SLUICE_DNS), "jump", "")))))
        .withMessageContaining("SLUICE_DNS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a prefix that is longer than 29", "two\nlines", "\"quoted\""})
  void aPrefixThatTheKernelWouldNotKeepIsRefused(String prefix) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Target.Log(prefix, 7));
  }

  private static Rule rule(String reason) {
    return new Rule(List.of(), new Target.Return(), reason, "");
  }
}
