package io.sluice.acceptance.topology;

import io.sluice.acceptance.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A network namespace of this machine, made by us. Programs are started in it with {@code nsenter};
 * sockets of this process are created in it by a thread that lives inside.
 */
public final class NetworkNamespace implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(5);

  private final String name;
  private final ExecutorService inside;

  private NetworkNamespace(String name) {
    this.name = name;
    this.inside =
        Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().name("in " + name).daemon().unstarted(() -> enter(work)));
  }

  /** Makes the namespace, with its loopback interface up. */
  public static NetworkNamespace create(String name) {
    Command.run("ip", "netns", "add", name);
    Command.run("ip", "-n", name, "link", "set", "lo", "up");
    return new NetworkNamespace(name);
  }

  /** Gives a name to the namespace that a process is in. */
  static NetworkNamespace attach(String name, long pid) {
    Command.run("ip", "netns", "attach", name, Long.toString(pid));
    return new NetworkNamespace(name);
  }

  /** The name that {@code ip netns} knows. */
  public String name() {
    return name;
  }

  /** Runs a program of the host inside, to its end. */
  public String run(String... command) {
    return Command.run(command(command));
  }

  /** Runs a program of the host inside, to its end, whatever its exit status. */
  public Command.Outcome attempt(String... command) {
    return Command.attempt(command(command));
  }

  /** The command line that starts a program inside; the program keeps the process id. */
  public List<String> command(String... command) {
    List<String> line = new ArrayList<>(List.of("nsenter", "--net=" + path()));
    line.addAll(List.of(command));
    return List.copyOf(line);
  }

  /**
   * Does something on a thread that is inside: sockets that it creates belong to the namespace.
   *
   * @throws IOException what the work throws
   */
  public <T> T call(Callable<T> work) throws IOException {
    Future<T> result = inside.submit(work);
    try {
      return result.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw new IOException(name + ": " + cause.getMessage(), cause);
        case RuntimeException cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      result.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in " + name, e);
    }
  }

  /** Ends every process inside and removes the namespace. */
  @Override
  public void close() {
    inside.shutdownNow();
    remove(name);
  }

  /** Removes a namespace by its name, with the processes inside; nothing when there is none. */
  static void remove(String name) {
    if (!Files.exists(path(name))) {
      return;
    }
    long deadline = System.nanoTime() + GRACE.toNanos();
    processes(name).forEach(ProcessHandle::destroy);
    List<ProcessHandle> left = processes(name);
    while (!left.isEmpty() && System.nanoTime() < deadline + GRACE.toNanos()) {
      if (System.nanoTime() > deadline) {
        left.forEach(ProcessHandle::destroyForcibly);
      }
      sleep(50);
      left = processes(name);
    }
    Command.run("ip", "netns", "del", name);
  }

  private static List<ProcessHandle> processes(String name) {
    return Command.run("ip", "netns", "pids", name)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(Long::parseLong)
        .filter(pid -> pid != ProcessHandle.current().pid())
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .toList();
  }

  private void enter(Runnable work) {
    try {
      Kernel.enterNetworkNamespace(path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    work.run();
  }

  private Path path() {
    return path(name);
  }

  private static Path path(String name) {
    return Path.of("/run/netns", name);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
