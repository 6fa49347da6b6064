package io.sluice.agent.envoy;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * An Envoy that was started, as {@code envoy.properties} of the state folder remembers it, so that
 * the next agent finds it.
 *
 * @param started clock ticks since boot; tells it from another process that got its number
 * @param epoch how often it was restarted while serving
 * @param baseId what its restarts have in common
 * @param bootstrap digest of the bootstrap it began with
 */
record EnvoyProcess(
    long pid,
    long started,
    String program,
    int epoch,
    long baseId,
    String bootstrap,
    int drainSeconds,
    String version) {

  private static final String FILE = "envoy.properties";
  private static final String BOOTSTRAP = "bootstrap.json";
  private static final String DRAIN = "--drain-time-s";

  static Optional<EnvoyProcess> remembered(Path state) throws IOException {
    Optional<String> text = HostFiles.text(state.resolve(FILE));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Properties values = new Properties();
    try {
      values.load(new java.io.StringReader(text.get()));
      return Optional.of(
          new EnvoyProcess(
              Long.parseLong(values.getProperty("pid", "")),
              Long.parseLong(values.getProperty("started", "")),
              values.getProperty("program", ""),
              Integer.parseInt(values.getProperty("epoch", "")),
              Long.parseLong(values.getProperty("base-id", "")),
              values.getProperty("bootstrap", ""),
              Integer.parseInt(values.getProperty("drain-seconds", "")),
              values.getProperty("version", "")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The Envoy that serves for a state folder, remembered or not. */
  static Optional<EnvoyProcess> ofFolder(Path state) throws IOException {
    Optional<EnvoyProcess> known = remembered(state).filter(EnvoyProcess::alive);
    // An agent may have ended between the start of an Envoy and the note of it.
    Optional<EnvoyProcess> newest =
        running(state).stream().max(Comparator.comparingInt(EnvoyProcess::epoch));
    boolean successor =
        newest.isPresent() && (known.isEmpty() || newest.get().epoch() > known.get().epoch());
    return successor ? newest : known;
  }

  /** Every Envoy that an agent of this state folder started and that runs. */
  private static List<EnvoyProcess> running(Path state) throws IOException {
    List<EnvoyProcess> found = new ArrayList<>();
    for (long pid : Processes.in(Files.exists(state) ? state.toRealPath() : state)) {
      of(pid, state).ifPresent(found::add);
    }
    return found;
  }

  private static Optional<EnvoyProcess> of(long pid, Path state) throws IOException {
    List<String> words = List.of(Processes.commandLine(pid).split("\0", -1));
    if (words.size() < 5 || !words.subList(1, 4).equals(List.of("-c", BOOTSTRAP, DRAIN))) {
      return Optional.empty();
    }
    Optional<Long> started = Processes.startTime(pid);
    Optional<String> program = Processes.program(pid);
    Path bootstrap = state.resolve(BOOTSTRAP);
    String base =
        after(words, "--base-id", HostFiles.text(state.resolve("run/base-id")).orElse("")).strip();
    if (started.isEmpty() || program.isEmpty() || !base.matches("[0-9]{1,10}")) {
      return Optional.empty();
    }
    return Optional.of(
        new EnvoyProcess(
            pid,
            started.get(),
            program.get(),
            Integer.parseInt(after(words, "--restart-epoch", "0")),
            Long.parseLong(base),
            Files.exists(bootstrap) ? Digest.of(Files.readAllBytes(bootstrap)).hex() : "",
            Integer.parseInt(after(words, DRAIN, "0")),
            "unknown"));
  }

  private static String after(List<String> words, String option, String otherwise) {
    int at = words.indexOf(option);
    return at < 0 || at + 1 >= words.size() ? otherwise : words.get(at + 1);
  }

  static void forget(Path state) throws IOException {
    Files.deleteIfExists(state.resolve(FILE));
  }

  void remember(Path state) throws IOException {
    HostFiles.replace(
        state.resolve(FILE),
        "pid=%d\nstarted=%d\nprogram=%s\nepoch=%d\nbase-id=%d\nbootstrap=%s\ndrain-seconds=%d\nversion=%s\n"
            .formatted(
                pid,
                started,
                program.replace("\\", "\\\\"),
                epoch,
                baseId,
                bootstrap,
                drainSeconds,
                version));
  }

  boolean alive() {
    return Processes.startTime(pid).equals(Optional.of(started))
        && Processes.program(pid).equals(Optional.of(program));
  }

  /** Where hot restart keeps what two Envoys share; Envoy leaves it behind when it ends. */
  Path sharedMemory() {
    return sharedMemory(baseId);
  }

  static Path sharedMemory(long baseId) {
    return Path.of("/dev/shm/envoy_shared_memory_" + baseId * 10);
  }
}
