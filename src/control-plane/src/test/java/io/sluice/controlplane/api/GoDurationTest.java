package io.sluice.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "24h0m0s, PT24H",
    "1h30m, PT1H30M",
    "1.5h, PT1H30M",
    "90s, PT1M30S",
    "250ms, PT0.25S",
    "0, PT0S"
  })
  void goWritesIt(String text, Duration expected) {
    assertThat(GoDuration.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "24", "h", "-1h", "1d", "1h 30m", "1h30", "999999999999h"})
  void itIsNoDuration(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }

  @Test
  void partsOfAMinuteAreNotTakenForMilliseconds() {
    assertThat(GoDuration.parse("1m1ms")).contains(Duration.ofMillis(60_001));
  }
}
