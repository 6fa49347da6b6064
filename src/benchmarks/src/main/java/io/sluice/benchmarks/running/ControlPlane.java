package io.sluice.benchmarks.running;

import io.sluice.benchmarks.load.HttpConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A control plane as it is shipped, started by its launcher. */
public final class ControlPlane implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final Process process;
  private final InetSocketAddress operators;
  private final int agentsPort;
  private final Duration startTime;

  private ControlPlane(
      Process process, InetSocketAddress operators, int agentsPort, Duration startTime) {
    this.process = process;
    this.operators = operators;
    this.agentsPort = agentsPort;
    this.startTime = startTime;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param prefix what stands before the launcher on the command line, such as a program that
   *     enters a network namespace
   * @param environment more variables for the launcher
   * @param log takes what it prints
   */
  public static ControlPlane start(
      List<String> prefix,
      Path launcher,
      Map<String, String> environment,
      Path log,
      List<String> settings) {
    int port = Programs.freePort();
    int agentsPort = Programs.freePort();
    List<String> command = new ArrayList<>(prefix);
    command.add(launcher.toString());
    command.add("--sluice.port=" + port);
    command.add("--sluice.agents.port=" + agentsPort);
    command.addAll(settings);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().putAll(environment);
      long started = System.nanoTime();
      Process process = builder.start();
      InetSocketAddress operators = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      try {
        awaitReady(process, operators, log);
      } catch (RuntimeException e) {
        process.destroy();
        throw e;
      }
      Duration startTime = Duration.ofNanos(System.nanoTime() - started);
      return new ControlPlane(process, operators, agentsPort, startTime);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where operators send their requests. */
  public InetSocketAddress operators() {
    return operators;
  }

  /** The port of the agents' listener. */
  public int agentsPort() {
    return agentsPort;
  }

  /** From the start of the launcher to the first answer that says it is ready. */
  public Duration startTime() {
    return startTime;
  }

  /** Its process, which the launcher has become. */
  public long pid() {
    return process.pid();
  }

  /** Its memory now. */
  public ProcessMemory memory() {
    return ProcessMemory.of(process.pid());
  }

  private static void awaitReady(Process process, InetSocketAddress operators, Path log)
      throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      if (!process.isAlive()) {
        throw new IllegalStateException("the control plane ended:\n" + Files.readString(log));
      }
      try (HttpConnection connection = new HttpConnection(operators)) {
        if (connection.get("/health/readiness").status() == 200) {
          return;
        }
      } catch (IOException notYet) {
        // Nothing listens yet; the loop is bounded by the deadline.
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    throw new IllegalStateException("the control plane was not ready within " + LIMIT);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
