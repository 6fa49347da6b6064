package io.sluice.agent.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Processes of this host, known by more than a number that may be used again. */
public final class Processes {

  private Processes() {}

  /** When a process was started, in clock ticks since boot; empty if there is none. */
  public static Optional<Long> startTime(long pid) {
    return stat(pid, 19);
  }

  /** The process that a process came from, or that took its place; empty if there is none. */
  public static Optional<Long> parent(long pid) {
    return stat(pid, 1);
  }

  /** The session that a process is in, named by the process that leads it; empty if it ended. */
  public static Optional<Long> session(long pid) {
    return stat(pid, 3);
  }

  /** A field of proc_pid_stat(5), counted from the state. */
  private static Optional<Long> stat(long pid, int field) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The name in parentheses may contain anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return fields[0].equals("Z") ? Optional.empty() : Optional.of(Long.valueOf(fields[field]));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** The effective user of a process. */
  public static Optional<Long> user(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("Uid:"))
          .map(line -> Long.valueOf(line.split("\\s+", -1)[2]))
          .findFirst();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** The program that a process runs, also after its file was replaced. */
  public static Optional<String> program(long pid) {
    try {
      String exe = Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "exe")).toString();
      String deleted = " (deleted)";
      return Optional.of(
          exe.endsWith(deleted) ? exe.substring(0, exe.length() - deleted.length()) : exe);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The processes whose working directory is this folder, or was it before it was deleted. */
  public static List<Long> in(Path folder) throws IOException {
    List<Long> found = new ArrayList<>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          String there = Files.readSymbolicLink(process.resolve("cwd")).toString();
          if (there.equals(folder.toString()) || there.equals(folder + " (deleted)")) {
            found.add(Long.valueOf(String.valueOf(process.getFileName())));
          }
        } catch (IOException e) {
          // It has ended, or is not ours to look at.
        }
      }
    }
    return found;
  }

  /** A process's arguments with a NUL after each; empty if there is no such process. */
  public static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** Sends a signal such as {@code TERM}. */
  public static void signal(long pid, String signal) throws IOException {
    Command.run(List.of("kill", "-" + signal, Long.toString(pid)));
  }
}
