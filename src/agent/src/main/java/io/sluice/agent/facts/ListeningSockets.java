package io.sluice.agent.facts;

import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The TCP sockets of this network namespace that accept connections, and whose they are. */
public final class ListeningSockets {

  private static final String LISTEN = "0A";
  private static final String ESTABLISHED = "01";

  private ListeningSockets() {}

  /** A process that listens. */
  public record Owner(long pid, String program) {}

  /**
   * Ports on which processes with these names listen, each with one of them.
   *
   * @param programs which names, as {@code /proc/PID/comm} has them, are of interest
   */
  public static Map<Integer, Owner> of(Predicate<String> programs) throws IOException {
    Map<String, Integer> ports = listening();
    TreeMap<Integer, Owner> found = new TreeMap<>();
    if (ports.isEmpty()) {
      return found;
    }
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String program = name(process);
        if (!program.isEmpty() && programs.test(program)) {
          Owner owner = new Owner(Long.parseLong(process.getFileName() + ""), program);
          sockets(process)
              .forEach(
                  inode -> {
                    Integer port = ports.get(inode);
                    if (port != null) {
                      found.putIfAbsent(port, owner);
                    }
                  });
        }
      }
    }
    return found;
  }

  /** Every port on which something listens. */
  public static Set<Integer> ports() throws IOException {
    return new TreeSet<>(listening().values());
  }

  /** How many connections a process has. */
  public static int connections(long pid) throws IOException {
    Set<String> open = sockets(Path.of("/proc", Long.toString(pid)));
    open.retainAll(inState(ESTABLISHED).keySet());
    return open.size();
  }

  private static Map<String, Integer> listening() throws IOException {
    return inState(LISTEN);
  }

  private static Map<String, Integer> inState(String state) throws IOException {
    Map<String, Integer> ports = new HashMap<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : HostFiles.text(Path.of(table)).orElse("").split("\n", -1)) {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length > 9 && words[3].equals(state)) {
          String port = words[1].substring(words[1].lastIndexOf(':') + 1);
          ports.put(words[9], Integer.parseInt(port, 16));
        }
      }
    }
    return ports;
  }

  private static String name(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      // It has ended.
      return "";
    }
  }

  private static Set<String> sockets(Path process) {
    Set<String> inodes = new HashSet<>();
    try (var files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        String target = Files.readSymbolicLink(file).toString();
        if (target.startsWith("socket:[")) {
          inodes.add(target.substring(8, target.length() - 1));
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // It has ended, or is not ours to look at.
    }
    return inodes;
  }
}
