package io.sluice.rendering.trace;

import java.util.Optional;

/**
 * Whether a condition holds for a packet.
 *
 * @param assumption what is taken for granted when the packet does not say enough
 */
record Judgement(boolean holds, Optional<String> assumption) {

  static Judgement certain(boolean holds) {
    return new Judgement(holds, Optional.empty());
  }

  /** What nobody said is taken for not so. */
  static Judgement assumedNot(String assumption) {
    return new Judgement(false, Optional.of(assumption));
  }

  static Judgement assumed(String assumption) {
    return new Judgement(true, Optional.of(assumption));
  }

  Judgement not() {
    return new Judgement(!holds, assumption);
  }
}
