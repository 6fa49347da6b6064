package io.sluice.agent.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {

  @TempDir Path temporary;

  @Test
  void theHolderIsNamedByWhoeverLooks() throws Exception {
    Path path = temporary.resolve("state");
    StateFolder held = new StateFolder(path);
    held.take();
    Process other = elsewhere(path);
    String pid = Long.toString(ProcessHandle.current().pid());
    assertThat(new String(other.getInputStream().readAllBytes(), UTF_8)).isEqualTo(pid);
    assertThat(held.heldBy()).contains(pid);
    held.close();
    assertThat(elsewhere(path).getInputStream().readAllBytes()).isEmpty();
  }

  /** A look from another process: a process's own look would end its own lock. */
  private static Process elsewhere(Path path) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Look.class.getName(),
            path.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  static final class Look {
    private Look() {}

    public static void main(String[] arguments) throws Exception {
      System.out.print(new StateFolder(Path.of(arguments[0])).heldBy().orElse(""));
    }
  }

  @Test
  void aLookLeavesTheFolderAsItIs() throws Exception {
    Path path = temporary.resolve("state");
    assertThat(new StateFolder(path).heldBy()).isEmpty();
    assertThat(path).doesNotExist();
    Files.createDirectories(path);
    Files.writeString(path.resolve("agent.lock"), "1\n");
    assertThat(new StateFolder(path).heldBy()).isEmpty();
  }
}
