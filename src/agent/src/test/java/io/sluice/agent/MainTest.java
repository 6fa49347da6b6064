package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir Path folder;

  @Test
  void helpNamesEveryCommandAndExitCode() {
    assertThat(run("--help")).isZero();
    assertThat(text(out)).contains("run ", "once", "status", "uninstall", "setup", "Exit status");
  }

  @Test
  void theVersionIsPrinted() {
    assertThat(run("--version")).isZero();
    assertThat(text(out)).startsWith("sluice-agent ");
  }

  @Test
  void noCommandIsWrongUsage() {
    assertThat(run()).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("no command", "--help");
  }

  @Test
  void aTokenOnTheCommandLineIsRefused() {
    assertThat(run("run", "--token", "secret")).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("--token-file").doesNotContain("secret");
  }

  @Test
  void anUnknownOptionIsWrongUsage() {
    assertThat(run("run", "--nonsense")).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("unknown option --nonsense");
  }

  @Test
  void anOptionOfAnotherCommandIsWrongUsage() {
    assertThat(run("run", "--purge")).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("--purge is not for the command run");
  }

  @Test
  void anUnknownKeyInTheFileIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("c"), "# ours\nstate-dir=/x\nexec=/bin/sh\n");
    assertThat(run("run", "--config", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("unknown exec", "control-plane");
  }

  @Test
  void theCommandLineBeatsTheEnvironmentAndThatTheFile() throws Exception {
    Path file = Files.writeString(folder.resolve("c"), "mesh=file\nname=file\nenvoy=file\n");
    Options options =
        Options.parse(
            List.of("run", "--config", file.toString(), "--mesh=line"),
            Map.of("SLUICE_MESH", "environment", "SLUICE_NAME", "environment"));
    assertThat(options.value("mesh")).contains("line");
    assertThat(options.value("name")).contains("environment");
    assertThat(options.envoy()).isEqualTo("file");
  }

  @Test
  void whatIsMissingIsSaidWithItsForm() {
    assertThat(run("once")).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("--control-plane https://HOST:5678");
  }

  @Test
  void statusOfAHostWithoutAgentSaysSo() {
    assertThat(run("status", "--state-dir", folder.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(text(out)).contains("agent=stopped", "envoy=absent", "rules=none");
  }

  private int run(String... arguments) {
    return Main.run(
        List.of(arguments),
        Map.of(),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
