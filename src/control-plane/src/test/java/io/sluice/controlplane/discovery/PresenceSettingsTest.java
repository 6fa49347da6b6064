package io.sluice.controlplane.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bounds that docs/operations.md gives: an agent leaves not before, and not after. */
class PresenceSettingsTest {

  /** Until a round misses it, until one of the deciding replica sees that, until one decides. */
  private static final Duration ROUNDS = Duration.ofSeconds(3);

  @ParameterizedTest
  @CsvSource({
    "3,5,8",
    "6,7,10",
    "9,9,12",
    "10,10,13",
    "15,15,18",
    "24,23,26",
    "30,28,31",
    "300,298,301"
  })
  void aSilentAgentLeavesWithinTheseSeconds(int timeout, int earliest, int latest) {
    PresenceSettings settings =
        new PresenceSettings(Duration.ofSeconds(timeout), Duration.ofDays(3));
    Duration first = settings.missedAfter().plus(Watch.GRACE);

    assertThat(first).isEqualTo(Duration.ofSeconds(earliest));
    assertThat(first.plus(ROUNDS)).isEqualTo(Duration.ofSeconds(latest));
  }
}
