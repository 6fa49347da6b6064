package io.sluice.acceptance.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A program that goes on running, with its output in a file. */
public final class Daemon {

  private static final int TOLD_LINES = 25;
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Process process;
  private final Path log;

  private Daemon(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a program.
   *
   * @param log the file that its output is added to
   */
  public static Daemon start(List<String> command, Map<String, String> environment, Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      return new Daemon(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it has written so far. */
  public String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until something is so.
   *
   * @throws IllegalStateException with the end of its output, when it ends or the time is over
   */
  public void await(String what, Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive()) {
        throw failed("ended with exit status " + process.exitValue() + " before: " + what);
      }
      if (System.nanoTime() > deadline) {
        throw failed("not within " + limit.toSeconds() + " s: " + what);
      }
      pause();
    }
  }

  /** Asks it to end, as a service's stop does, and waits for that. */
  public void stop() {
    process.destroy();
    awaitEnd(GRACE);
  }

  /** Ends it as a crash would: SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(10));
  }

  /**
   * Makes sure that it does not run any more: asks it first, and ends it if that takes too long.
   */
  public void end() {
    process.destroy();
    try {
      if (process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
  }

  /** Waits for it to end by itself; its exit status. */
  public int awaitEnd(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed("still runs after " + limit.toSeconds() + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted");
    }
  }

  private IllegalStateException failed(String what) {
    List<String> lines = output().lines().toList();
    List<String> end = lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size());
    return new IllegalStateException(
        log.getFileName() + ": " + what + "; the end of its output:\n" + String.join("\n", end));
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
