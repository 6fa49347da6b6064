package io.sluice.acceptance.process;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the host that run for a moment: what they print, within a time. */
public final class Command {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Command() {}

  /** What a program left behind: its exit status and everything it printed. */
  public record Outcome(int status, String output) {}

  /**
   * Runs a program to its end.
   *
   * @return what it printed
   * @throws UncheckedIOException when it can't be run, fails or takes longer than a minute
   */
  public static String run(String... command) {
    return run(List.of(command));
  }

  /** As {@link #run(String...)}. */
  public static String run(List<String> command) {
    Outcome outcome = attempt(command);
    if (outcome.status() != 0) {
      throw failed(command, "exit status " + outcome.status() + ": " + outcome.output().strip());
    }
    return outcome.output();
  }

  /** Runs a program to its end, whatever its exit status. */
  public static Outcome attempt(List<String> command) {
    return attempt(LIMIT, command);
  }

  /** As {@link #attempt(List)}, for programs that may take longer. */
  public static Outcome attempt(Duration limit, List<String> command) {
    try {
      // A file takes the output, so that a child that lives on and keeps it open can't hold us up.
      Path output = Files.createTempFile("sluice-command", ".out");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          throw failed(command, "took longer than " + limit.toSeconds() + " s");
        }
        return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException(String.join(" ", command)));
    }
  }

  private static UncheckedIOException failed(List<String> command, String how) {
    return new UncheckedIOException(new IOException(String.join(" ", command) + ": " + how));
  }
}
