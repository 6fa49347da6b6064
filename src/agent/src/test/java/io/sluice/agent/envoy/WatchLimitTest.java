package io.sluice.agent.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.Command;
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

    WatchLimit.demand(1);

    assertThat(WatchLimit.now()).isEqualTo(before);
  }
}
