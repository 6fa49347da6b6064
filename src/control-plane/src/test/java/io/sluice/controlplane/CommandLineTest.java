package io.sluice.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {

  @Test
  void optionsBecomeSettingsWithEitherSpelling() {
    assertThat(parse("--port", "7000", "--data=/srv/x", "--database-url", "jdbc:postgresql:x"))
        .isEqualTo(
            new CommandLine.Run(
                List.of(
                    "--sluice.port=7000",
                    "--sluice.data=/srv/x",
                    "--sluice.database.url=jdbc:postgresql:x")));
  }

  @Test
  void settingsPassAsTheyAre() {
    assertThat(parse("--sluice.admin-token=abc", "--logging.level.root=debug"))
        .isEqualTo(
            new CommandLine.Run(List.of("--sluice.admin-token=abc", "--logging.level.root=debug")));
  }

  @Test
  void unknownOptionIsNamedWithThoseThereAre() {
    assertThat(parse("--prot", "1"))
        .isInstanceOfSatisfying(
            CommandLine.Mistake.class,
            mistake ->
                assertThat(mistake.message()).contains("--prot", "--port", "--database-url"));
  }

  @Test
  void portsAreNumbersInRange() {
    assertThat(parse("--port", "70000")).isInstanceOf(CommandLine.Mistake.class);
    assertThat(parse("--agents-port", "x")).isInstanceOf(CommandLine.Mistake.class);
    assertThat(parse("--port", "0")).isInstanceOf(CommandLine.Run.class);
  }

  @Test
  void optionWithoutValueIsAMistake() {
    assertThat(parse("--data")).isInstanceOf(CommandLine.Mistake.class);
    assertThat(parse("--data", "--port")).isInstanceOf(CommandLine.Mistake.class);
    assertThat(parse("--data=")).isInstanceOf(CommandLine.Mistake.class);
  }

  @Test
  void helpNamesEveryOption() {
    assertThat(parse("--port", "1", "-h")).isInstanceOf(CommandLine.Help.class);
    assertThat(CommandLine.help())
        .contains("--port PORT", "--bind ADDRESS", "--agents-port PORT", "--data DIR")
        .contains("--database-url URL");
  }

  private static CommandLine parse(String... arguments) {
    return CommandLine.parse(List.of(arguments));
  }
}
