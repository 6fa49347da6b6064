package io.sluice.benchmarks.running;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The processor time that processes have had so far, in nanoseconds. */
public final class ProcessorTime {

  /** The kernel counts processes in ticks, of which a second has 100 for every program. */
  private static final double NANOS_PER_TICK = 1e7;

  /** From the state of a process, in proc_pid_stat(5). */
  private static final int OWN_USER = 11;

  private static final int OWN_SYSTEM = 12;

  private static final int ENDED_USER = 13;

  private static final int ENDED_SYSTEM = 14;

  private ProcessorTime() {}

  /** That of a process with all of its threads, those included that have ended. */
  public static double of(long pid) {
    String[] fields = state(pid);
    return NANOS_PER_TICK * (Long.parseLong(fields[OWN_USER]) + Long.parseLong(fields[OWN_SYSTEM]));
  }

  /** That of a process's threads with these names. */
  public static double ofThreads(long pid, List<String> names) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads
          .filter(thread -> names.contains(text(thread.resolve("comm")).strip()))
          .mapToDouble(ProcessorTime::scheduled)
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That of the programs that a process has started and that still run. */
  public static double ofRunningChildren(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::children)
        .mapToDouble(child -> scheduled(Path.of("/proc/" + child.pid())))
        .sum();
  }

  /** That of the programs that a process has started and that have ended. */
  public static double ofEndedChildren(long pid) {
    String[] fields = state(pid);
    return NANOS_PER_TICK
        * (Long.parseLong(fields[ENDED_USER]) + Long.parseLong(fields[ENDED_SYSTEM]));
  }

  private static String[] state(long pid) {
    String stat = text(Path.of("/proc/" + pid + "/stat"));
    // The name in parentheses may contain anything.
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
  }

  private static double scheduled(Path task) {
    String text = text(task.resolve("schedstat"));
    return text.isEmpty() ? 0 : Double.parseDouble(text.split(" ", -1)[0]);
  }

  /** A file's text; nothing of a process or a thread that has ended meanwhile. */
  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
