package io.sluice.acceptance.process;

import io.sluice.acceptance.topology.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The agent of one dataplane on a host. */
public final class AgentProcess implements AutoCloseable {

  /** What an agent needs to know, as its operator would give it. */
  public record Enrolment(String controlPlane, String fingerprint, String token) {}

  private static final Duration APPLIED = Duration.ofSeconds(30);

  private final List<String> common;
  private final List<String> run;
  private final Path log;
  private final DataPath dataPath;
  private Daemon daemon;
  private long launchedAt;

  private AgentProcess(List<String> common, List<String> options, Path log, DataPath dataPath) {
    this.common = common;
    this.run = new ArrayList<>();
    this.log = log;
    this.dataPath = dataPath;
    run.addAll(options);
    this.daemon = launch();
  }

  /**
   * Starts {@code run} on a host.
   *
   * @param folder of this run; the agent's state is in a subfolder
   * @param options of {@code run}, beside those that say where the control plane is
   */
  public static AgentProcess start(
      Checkout checkout, Host host, Path folder, Enrolment enrolment, List<String> options) {
    Path state = folder.resolve("state-" + host.name());
    Path envoy = Checkout.share(checkout.envoy(), folder);
    Path token = folder.resolve("token-" + host.name());
    try {
      Files.writeString(token, enrolment.token());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> common = host.namespace().command(program(checkout, folder));
    List<String> setup = new ArrayList<>(common);
    setup.addAll(List.of("setup", "--state-dir=" + state, "--envoy=" + envoy));
    Command.run(setup);
    List<String> all =
        new ArrayList<>(
            List.of(
                "--control-plane=" + enrolment.controlPlane(),
                "--ca-fingerprint=" + enrolment.fingerprint(),
                "--token-file=" + token,
                "--state-dir=" + state,
                "--envoy=" + envoy));
    all.addAll(options);
    return new AgentProcess(
        common, all, folder.resolve("agent-" + host.name() + ".log"), new DataPath(host, state));
  }

  private static String[] program(Checkout checkout, Path folder) {
    Optional<Path> launcher = checkout.agentLauncher();
    if (launcher.isPresent()) {
      return new String[] {launcher.get().toString()};
    }
    // A copy, as on a host: the checkout's own may be built anew while we run.
    Path jar = copy(checkout.agentJar(), folder.resolve("sluice-agent.jar"));
    return new String[] {Checkout.java().toString(), "-jar", jar.toString()};
  }

  /** What can be seen of its host. */
  public DataPath dataPath() {
    return dataPath;
  }

  /** Its process id. */
  public long pid() {
    return daemon.pid();
  }

  /** When it was started the last time, as {@link System#nanoTime} counts. */
  public long launchedAt() {
    return launchedAt;
  }

  /** Waits until its log has a line with these words. */
  public void awaitLog(String words) {
    daemon.await(words, APPLIED, () -> daemon.output().contains(words));
  }

  /** Ends the agent as a crash would; Envoy and the rules stay. */
  public void kill() {
    daemon.kill();
  }

  /** Stops the agent as its service's stop would; Envoy and the rules stay. */
  public void stop() {
    daemon.stop();
  }

  /** Starts it again. */
  public void restart() {
    daemon = launch();
  }

  /** Restores the host. */
  public String uninstall() {
    List<String> command = new ArrayList<>(common);
    command.addAll(List.of("uninstall", "--state-dir=" + dataPath.state(), "--drain=1"));
    return Command.run(command);
  }

  /** Waits for it to end by itself; its exit status. */
  public int awaitEnd() {
    return daemon.awaitEnd(APPLIED);
  }

  /** How many lines of its log have these words. */
  public long logged(String words) {
    return output().lines().filter(line -> line.contains(words)).count();
  }

  /** Waits until something is so, while it runs. */
  public void await(String what, BooleanSupplier condition) {
    daemon.await(what, APPLIED, condition);
  }

  /** What it has written so far. */
  public String output() {
    return daemon.output();
  }

  @Override
  public void close() {
    daemon.end();
  }

  private static Path copy(Path file, Path copy) {
    try {
      return Files.exists(copy) ? copy : Files.copy(file, copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Daemon launch() {
    List<String> command = new ArrayList<>(common);
    command.add("run");
    command.addAll(run);
    launchedAt = System.nanoTime();
    return Daemon.start(command, Map.of(), log);
  }
}
