package io.sluice.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DampingTest {

  private static final long SECOND = 1_000_000_000L;

  private final Damping damping = new Damping();

  @Test
  void aSingleRepairIsAtOnceAndIsNoFight() {
    assertThat(damping.due(5)).isZero();
    damping.repaired(5);
    assertThat(damping.due(6)).isZero();
    assertThat(damping.fighting(6)).isFalse();
  }

  @Test
  void whoKeepsChangingRulesIsAnsweredEverMoreSeldom() {
    List<Long> pauses = new ArrayList<>();
    long now = 0;
    for (int round = 0; round < 14; round++) {
      long wait = damping.due(now);
      pauses.add(wait / SECOND);
      now += wait;
      damping.repaired(now);
    }
    assertThat(pauses).startsWith(0L, 0L, 1L, 2L, 4L, 8L).endsWith(300L, 300L);
    assertThat(damping.fighting(now)).isTrue();
  }

  @Test
  void afterAQuietTimeEverythingIsForgotten() {
    for (int round = 0; round < 5; round++) {
      damping.repaired(round * SECOND);
    }
    assertThat(damping.due(5 * SECOND)).isPositive();
    assertThat(damping.due(65 * SECOND)).isZero();
    assertThat(damping.fighting(65 * SECOND)).isFalse();
  }
}
