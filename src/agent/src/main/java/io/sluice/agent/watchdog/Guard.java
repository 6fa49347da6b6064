package io.sluice.agent.watchdog;

import io.sluice.agent.firewall.IpFamily;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A small process that takes the rules' jumps out while Envoy does not listen, on hosts whose
 * captured traffic shall then pass by it. It is a session of its own and outlives the agent; only
 * it moves jumps while it runs.
 */
public final class Guard {

  /** More than it takes to load the rules that it may just be loading. */
  private static final long PATIENCE_NANOS = 15_000_000_000L;

  private final Path folder;

  /** The guard of a state folder. */
  public Guard(Path state) {
    this.folder = state.resolve("guard");
  }

  /**
   * Starts it with rules that stand.
   *
   * @param loaders the programs that load rules, by family
   * @param files what takes jumps out and puts them in, as {@code RuleSwitch} names them
   * @param ports where Envoy must listen
   * @param uid the user that Envoy runs as
   */
  public void start(
      Map<IpFamily, String> loaders, Map<String, String> files, Set<Integer> ports, long uid)
      throws IOException {
    forget();
    HostFiles.createFolder(folder);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    Set<String> hex = new TreeSet<>();
    ports.forEach(port -> hex.add(String.format(Locale.ROOT, "%04X", port)));
    Files.writeString(
        script(),
        "folder='%s' v4=%s v6=%s ports='%s' user=%d\n%s"
            .formatted(
                folder.toString().replace("'", "'\\''"),
                loaders.getOrDefault(IpFamily.V4, "false"),
                loaders.getOrDefault(IpFamily.V6, "false"),
                String.join(" ", hex),
                uid,
                Scripts.text("guard.sh")));
    start();
  }

  /** Starts it as it ran last, unless it runs. */
  public void start() throws IOException {
    if (Files.exists(script()) && processes().isEmpty()) {
      ProcessBuilder builder =
          new ProcessBuilder("setsid", "--fork", "sh", script().toString())
              // By its folder it is known, and must be before it has read a line: of two guards
              // each
              // would put the jumps in.
              .directory(folder.toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      Command.onlyPath(builder);
      try {
        builder.start().waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends it, so that rules can be changed; jumps stay in or out. */
  public void stop() throws IOException {
    List<Long> running = processes();
    for (long pid : running) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!running.isEmpty()) {
      if (System.nanoTime() > end) {
        for (long pid : running) {
          ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      running = processes();
    }
  }

  /** Whether some jumps are out because Envoy did not listen. */
  public boolean isOut() throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (var notes = Files.newDirectoryStream(folder, "is-out.*")) {
      return notes.iterator().hasNext();
    }
  }

  /** Puts jumps in that are out, each at its place; it must not run. */
  public void putIn() throws IOException {
    if (isOut()) {
      Command.run(List.of("sh", script().toString(), "in"));
    }
  }

  /** Ends it for good. */
  public void forget() throws IOException {
    stop();
    HostFiles.deleteTree(folder);
  }

  private Path script() {
    return folder.resolve("run.sh");
  }

  private List<Long> processes() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    return Processes.in(folder.toRealPath()).stream()
        .filter(pid -> Processes.commandLine(pid).contains("\0" + script() + "\0"))
        .toList();
  }
}
