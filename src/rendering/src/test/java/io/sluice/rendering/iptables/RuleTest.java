package io.sluice.rendering.iptables;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two\nlines", "tab\there", "zero\0"})
  void aReasonThatIsNoLineOfTextIsRefused(String reason) {
    assertThatIllegalArgumentException().isThrownBy(() -> rule(reason));
  }

  @Test
  void aReasonMayBeAsLongAsTheKernelKeeps() {
    assertThatNoException().isThrownBy(() -> rule("x".repeat(255)));
  }

  @Test
  void aReasonThatTheKernelWouldCutIsRefusedCountingBytes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rule("é".repeat(128)))
        .withMessageContaining("at most 255 bytes, not 256");
  }

  @Test
  void nothingJumpsIntoAChainOfTheKernel() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Target.Jump(Chain.OUTPUT));
  }

  private static Rule rule(String reason) {
    return new Rule(List.of(), new Target.Return(), reason);
  }
}
