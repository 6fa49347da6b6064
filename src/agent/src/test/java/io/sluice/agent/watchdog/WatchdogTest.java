package io.sluice.agent.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {

  @TempDir Path state;

  @SuppressWarnings("NullAway.Init") // JUnit sets the field before each test.
  WatchdogTest() {}

  @Test
  void theNextAgentWaitsForOneThatIsJustDeletingItsFolder() throws Exception {
    Watchdog.prepare(state);
    Watchdog watchdog = Watchdog.arm(state, Map.of(), Map.of());
    HostFiles.deleteTree(Watchdog.folder(state));

    Thread next = settling(state);

    assertThat(next.join(Duration.ofMillis(500))).as("settled while it runs").isFalse();
    watchdog.dismiss();
    assertThat(next.join(Duration.ofSeconds(10))).as("settled after it").isTrue();
  }

  @Test
  void nobodyWaitsForTheWatchdogOfAnotherStateFolder() throws Exception {
    Path other = state.resolve("other");
    HostFiles.createFolder(other);
    Watchdog.prepare(other);
    Watchdog watchdog = Watchdog.arm(other, Map.of(), Map.of());

    assertThat(settling(state).join(Duration.ofSeconds(10))).isTrue();

    watchdog.dismiss();
  }

  private static Thread settling(Path state) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                Watchdog.settle(state);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
  }
}
