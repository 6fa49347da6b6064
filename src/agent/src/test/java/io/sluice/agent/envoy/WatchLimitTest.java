package io.sluice.agent.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.Command;
import java.nio.file.FileSystems;
import java.nio.file.WatchService;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchLimitTest {

  @Test
  void theLimitIsWhatTheKernelSays() throws Exception {
    String said =
        Command.run(List.of("cat", "/proc/sys/fs/inotify/max_user_instances")).out().strip();

    assertThat(WatchLimit.now()).isEqualTo(Integer.parseInt(said));
  }

  @Test
  void aLimitThatIsEnoughIsLeftAlone() throws Exception {
    int before = WatchLimit.now();

    // A user that nothing runs as.
    WatchLimit.demand(3_999_999_999L, 1, 1);

    assertThat(WatchLimit.now()).isEqualTo(before);
  }

  @Test
  void whatAProcessHoldsIsCounted() throws Exception {
    long self = ProcessHandle.current().pid();
    int before = WatchLimit.heldBy(self);

    try (WatchService one = FileSystems.getDefault().newWatchService();
        WatchService two = FileSystems.getDefault().newWatchService()) {
      assertThat(List.of(one, two)).doesNotContainNull();
      assertThat(WatchLimit.heldBy(self)).isEqualTo(before + 2);
    }
  }

  @Test
  void whatOtherEnvoysOfTheSameUserHoldIsWantedBesides() {
    assertThat(WatchLimit.wanted(0, 100)).isEqualTo(228);
    assertThat(WatchLimit.wanted(300, 100)).isEqualTo(428);
  }

  @Test
  void withoutAHotRestartOnlyNewFilesAreNeededBesideWhatIsHeld() {
    assertThat(WatchLimit.needed(202, 100, 0)).isEqualTo(128);
    assertThat(WatchLimit.needed(102, 100, 20)).isEqualTo(130);
    assertThat(WatchLimit.needed(0, 100, 100)).isEqualTo(128);
  }
}
