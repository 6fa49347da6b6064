package io.sluice.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineDiffTest {

  @Test
  void aChangedLineIsShownBetweenItsNeighbours() {
    assertThat(
            LineDiff.of(
                List.of("1", "2", "3", "old", "5", "6", "7"),
                List.of("1", "2", "3", "new", "5", "6", "7")))
        .isEqualTo("  2\n  3\n- old\n+ new\n  5\n  6\n");
  }

  @Test
  void changesFarApartHaveAGapBetweenThem() {
    assertThat(
            LineDiff.of(
                List.of("a", "1", "2", "3", "4", "5", "6", "b"),
                List.of("A", "1", "2", "3", "4", "5", "6", "B")))
        .isEqualTo("- a\n+ A\n  1\n  2\n…\n  5\n  6\n- b\n+ B\n");
  }

  @Test
  void aNewFileComesWhole() {
    assertThat(LineDiff.of(List.of(), List.of("a", "b"))).isEqualTo("+ a\n+ b\n");
  }
}
