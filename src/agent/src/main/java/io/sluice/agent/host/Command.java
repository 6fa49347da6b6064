package io.sluice.agent.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A program of the host, run to its end. */
public final class Command {

  private static final int OUTPUT_BYTES = 16 << 20;

  private static final AtomicLong STARTED = new AtomicLong();

  private Command() {}

  /** How many programs this process has started. */
  public static long started() {
    return STARTED.get();
  }

  /** Counts programs that are started otherwise. */
  public static void startedToo(int programs) {
    STARTED.addAndGet(programs);
  }

  /** What a program said and how it ended. */
  public record Result(int status, String out, String err) {

    /** Whether it ended with status 0. */
    public boolean ok() {
      return status == 0;
    }

    /** What it complained about, on one line. */
    public String complaint() {
      String text = err.isBlank() ? out : err;
      String line = text.strip().replaceAll("\\s*\n\\s*", "; ");
      return line.isEmpty() ? "exit status " + status : line;
    }
  }

  /** Runs a program with nothing on its input. */
  public static Result run(List<String> command) throws IOException {
    return run(command, "");
  }

  /**
   * Runs a program.
   *
   * @throws IOException if it can't be started, or takes longer than 30 s
   */
  public static Result run(List<String> command, String input) throws IOException {
    STARTED.incrementAndGet();
    Process process = new ProcessBuilder(command).start();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Thread errors = Thread.ofPlatform().daemon().start(() -> copy(process.getErrorStream(), err));
    Thread watch = Thread.ofPlatform().daemon().start(() -> endAfter(process, 30));
    try {
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The program ended without reading everything; its status and complaint say why.
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      copy(process.getInputStream(), out);
      int status = process.waitFor();
      errors.join();
      return new Result(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.getFirst() + " ran", e);
    } finally {
      watch.interrupt();
    }
  }

  /** Whether a program of this name is on the PATH, or at this path. */
  public static boolean exists(String program) {
    return find(program).isPresent();
  }

  /** Where a program of this name is on the PATH or in a folder of the system's, or this path. */
  public static Optional<Path> find(String program) {
    if (program.contains("/")) {
      return Optional.of(Path.of(program)).filter(Files::isExecutable);
    }
    String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    for (String folder : (path + ":/usr/sbin:/sbin").split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return Optional.of(Path.of(folder, program));
      }
    }
    return Optional.empty();
  }

  /** Leaves a program nothing of our environment but where programs are: a token may be in it. */
  public static void onlyPath(ProcessBuilder builder) {
    String path = builder.environment().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().clear();
    builder.environment().put("PATH", path);
  }

  private static void copy(InputStream from, ByteArrayOutputStream to) {
    try (from) {
      byte[] buffer = new byte[8192];
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        if (to.size() < OUTPUT_BYTES) {
          to.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // The program is gone: what it said so far is what there is.
    }
  }

  private static void endAfter(Process process, int seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
