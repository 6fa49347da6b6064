package io.sluice.controlplane.changes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotTest {

  @Test
  void openTransactionsAreRead() {
    assertThat(Snapshot.parse("10:20:10,14,15"))
        .isEqualTo(new Snapshot(20, List.of(10L, 14L, 15L)));
  }

  @Test
  void quietServerHasNone() {
    assertThat(Snapshot.parse("748:748:")).isEqualTo(new Snapshot(748, List.of()));
  }
}
