package io.sluice.agent.envoy;

import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  static Optional<EnvoyProcess> remembered(Path state) throws IOException {
    Optional<String> text = HostFiles.text(state.resolve(FILE));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Properties values = new Properties();
    values.load(new java.io.StringReader(text.get()));
    try {
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
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
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
    return Path.of("/dev/shm/envoy_shared_memory_" + baseId * 10);
  }
}
