package io.sluice.rendering.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs to its end. */
public final class Program {

  private static final int SECONDS = 30;

  private Program() {}

  /**
   * What a program said.
   *
   * @param output both of its output streams
   */
  public record Result(int exitCode, String output) {}

  /** Runs a command in a folder, for at most half a minute. */
  public static Result run(Path folder, List<String> command) {
    try {
      Path output = Files.createTempFile("sluice-rendering", ".log");
      try {
        Process process =
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(command + " has not ended within " + SECONDS + " s");
        }
        return new Result(process.exitValue(), Files.readString(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("can't run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while running " + command, e);
    }
  }
}
