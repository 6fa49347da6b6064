package io.sluice.agent.resolver;

import io.sluice.agent.host.Accounts;
import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A dnsmasq that an agent of this state folder started.
 *
 * @param started clock ticks since boot; tells it from another process that got its number
 */
record ResolverProcess(long pid, long started, int port, List<String> interfaces) {

  private static final long END_NANOS = 2_000_000_000L;

  static Optional<ResolverProcess> of(long pid, Plan plan) {
    return Processes.startTime(pid)
        .map(started -> new ResolverProcess(pid, started, plan.port(), plan.interfaces()));
  }

  /** The option that tells a resolver of a state folder from all other dnsmasqs. */
  static String hosts(Path folder) {
    return "--addn-hosts=" + folder.resolve(Names.HOSTS);
  }

  /** Those that run, whichever agent started them; without the children that serve TCP. */
  static List<ResolverProcess> running(Path folder) throws IOException {
    Map<Long, ResolverProcess> found = new TreeMap<>();
    for (long pid : ofFolder(folder)) {
      List<String> words = words(pid);
      String port = values(words, "--port=").stream().findFirst().orElse("");
      Optional<Long> started = Processes.startTime(pid);
      if (started.isPresent() && port.matches("[1-9][0-9]{0,4}")) {
        List<String> interfaces =
            values(words, "--interface=").stream().map(name -> name.replace('*', '+')).toList();
        found.put(pid, new ResolverProcess(pid, started.get(), Integer.parseInt(port), interfaces));
      }
    }
    return found.values().stream()
        .filter(process -> !found.containsKey(Processes.parent(process.pid()).orElse(0L)))
        .toList();
  }

  /** The processes of a state folder's resolvers in this network namespace, children included. */
  private static List<Long> ofFolder(Path folder) throws IOException {
    Optional<Accounts.User> user = Accounts.user(Accounts.RESOLVER_USER);
    Accounts.User self = Accounts.self();
    List<Long> found = new ArrayList<>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(String.valueOf(process.getFileName()));
        if (pid == ProcessHandle.current().pid() || !words(pid).contains(hosts(folder))) {
          continue;
        }
        try {
          long owner = ((Integer) Files.getAttribute(process, "unix:uid")).longValue();
          boolean trusted = owner == self.uid() || (user.isPresent() && owner == user.get().uid());
          if (trusted && network(process).equals(network(Path.of("/proc/self")))) {
            found.add(pid);
          }
        } catch (IOException e) {
          // It has ended, or is not ours to look at.
        }
      }
    }
    return found;
  }

  private static Path network(Path process) throws IOException {
    return Files.readSymbolicLink(process.resolve("ns/net"));
  }

  private static List<String> words(long pid) {
    return List.of(Processes.commandLine(pid).split("\0", -1));
  }

  private static List<String> values(List<String> words, String option) {
    return words.stream()
        .filter(word -> word.startsWith(option))
        .map(word -> word.substring(option.length()))
        .toList();
  }

  boolean alive() {
    return Processes.startTime(pid).equals(Optional.of(started));
  }

  /** Whether it answers where a plan wants it. */
  boolean answersFor(Plan plan) {
    return port == plan.port() && interfaces.equals(plan.interfaces());
  }

  /** Lets it read its files again. */
  void reload() throws IOException {
    Processes.signal(pid, "HUP");
  }

  /** Ends it. */
  void end() throws IOException {
    if (!alive()) {
      return;
    }
    Processes.signal(pid, "TERM");
    long end = System.nanoTime() + END_NANOS;
    while (alive()) {
      if (System.nanoTime() > end) {
        Processes.signal(pid, "KILL");
        end = Long.MAX_VALUE;
      }
      pause();
    }
  }

  /** Ends it at once. */
  void kill() throws IOException {
    if (alive()) {
      Processes.signal(pid, "KILL");
    }
  }

  /** Ends what a resolver that was killed left on its port. */
  static void endStrays(Path folder, int port) throws IOException {
    for (long pid : ofFolder(folder)) {
      if (words(pid).contains("--port=" + port)) {
        Processes.signal(pid, "KILL");
      }
    }
  }

  static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
