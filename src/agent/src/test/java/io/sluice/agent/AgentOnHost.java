package io.sluice.agent;

import io.sluice.agent.host.Command;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The real agent in a network namespace, with the real Envoy and the real kernel. */
public final class AgentOnHost implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 40;

  private final NetworkNamespace network;
  private final Path folder;
  private final FakeControlPlane controlPlane;
  private final String backend;
  private @Nullable Process process;
  private String programs = "";
  private List<String> before = List.of();
  private int starts;

  public AgentOnHost(NetworkNamespace network, FakeControlPlane controlPlane, String backend)
      throws IOException {
    this.network = network;
    this.controlPlane = controlPlane;
    this.backend = backend;
    this.folder = Files.createTempDirectory("sluice-agent");
    // Envoy must get through to the state folder.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    command("setup");
  }

  /** From the next start on programs are taken from this folder first. */
  void programsFrom(Path first) {
    programs = first + ":";
  }

  /** From the next start on there is no iptables. */
  void withoutIptables() {
    String hide =
        """
        for program in xtables-nft-multi xtables-legacy-multi; do
          mount --bind /dev/null "$(command -v $program)" || exit
        done
        exec "$@"
        """;
    before = List.of("unshare", "--mount", "sh", "-c", hide, "sh");
  }

  public Path state() {
    return folder.resolve("state");
  }

  /** The Envoy of these tests. */
  public static String envoy() {
    String named = System.getenv("SLUICE_ENVOY");
    if (named != null) {
      return named;
    }
    if (Command.exists("envoy")) {
      return "envoy";
    }
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      Path tool = up.resolve(".tools/envoy/envoy");
      if (Files.isExecutable(tool)) {
        return tool.toString();
      }
    }
    throw new AssertionError("there is no Envoy: run ./sluice test, or set SLUICE_ENVOY");
  }

  /** Starts {@code run}. */
  public AgentOnHost start(String... options) throws IOException {
    starts++;
    ProcessBuilder builder = builder("run", options);
    // By it the control plane tells its reports from those of the agent before.
    builder.environment().put("SLUICE_TOKEN", token());
    process = builder.redirectError(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
    return this;
  }

  /** Runs another command to its end. */
  public Ended command(String command, String... options) throws IOException {
    Path err = folder.resolve("command.log");
    Process ran = builder(command, options).redirectError(err.toFile()).start();
    String out = new String(ran.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Ended(ran.waitFor(), out, Files.readString(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Starts another command. */
  public Process begin(String command, String... options) throws IOException {
    Path err = folder.resolve("command.log");
    return builder(command, options).redirectErrorStream(true).redirectOutput(err.toFile()).start();
  }

  /** A command that ended. */
  public record Ended(int code, String out, String err) {}

  private ProcessBuilder builder(String command, String... options) {
    List<String> line = new ArrayList<>(before);
    line.addAll(program());
    line.addAll(
        List.of(
            command,
            "--state-dir",
            state().toString(),
            "--iptables",
            backend,
            "--envoy",
            envoy(),
            "--control-plane",
            controlPlane.address().toString(),
            "--ca-fingerprint",
            controlPlane.fingerprint()));
    line.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(network.command(line));
    builder.environment().put("SLUICE_TOKEN", FakeControlPlane.TOKEN);
    builder.environment().merge("PATH", programs, (path, first) -> first + path);
    return builder;
  }

  /** The classes that were just compiled, or the image that {@code SLUICE_AGENT_IMAGE} names. */
  private static List<String> program() {
    String image = System.getenv("SLUICE_AGENT_IMAGE");
    if (image != null) {
      return List.of(Path.of(image, "bin", "sluice-agent").toString());
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        Path.of("target/classes").toAbsolutePath().toString(),
        "io.sluice.agent.Main");
  }

  private Path log() {
    return folder.resolve("agent.log");
  }

  public String logged() throws IOException {
    return Files.exists(log()) ? Files.readString(log()) : "";
  }

  public Process process() {
    return java.util.Objects.requireNonNull(process);
  }

  /** Ends the agent at once, as the kernel would. */
  public void kill() throws IOException, InterruptedException {
    end(process());
  }

  /** Ends it if it runs. */
  public void stopAtOnce() throws InterruptedException {
    Process running = process;
    if (running != null) {
      end(running);
    }
  }

  private static void end(Process process) throws InterruptedException {
    if (!process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("process " + process.pid() + " can't be ended");
    }
  }

  public void stop() throws InterruptedException {
    process().destroy();
    process().waitFor();
  }

  /** Serves a bundle, starts the agent if it never ran, and waits until it is in force. */
  public Bundles.Made applied(Map<String, String> files) throws Exception {
    Bundles.Made bundle = controlPlane.serve(files);
    if (process == null) {
      start();
    }
    awaitReport("applied", bundle.digest().hex());
    return bundle;
  }

  /** Waits until the newest report has this value, and is one of the agent started last. */
  public void awaitReport(String key, String value) throws Exception {
    await(() -> value.equals(controlPlane.report(token()).get(key)));
  }

  private String token() {
    return FakeControlPlane.TOKEN + "-" + folder.getFileName() + "-" + starts;
  }

  /** Waits for something that must come to be. */
  public void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "it did not come to that; last report " + controlPlane.report() + "\n" + logged());
      }
      Thread.sleep(10);
    }
  }

  public Map<String, String> status() throws IOException {
    Map<String, String> values = new TreeMap<>();
    for (String line : command("status").out().split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return values;
  }

  public Optional<Long> envoyPid() throws IOException {
    Path file = state().resolve("envoy.properties");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("pid="))
        .map(line -> Long.valueOf(line.substring(4)))
        .filter(pid -> Processes.startTime(pid).isPresent())
        .findFirst();
  }

  /** Waits until the watchdog of an agent that was killed has given back what it kept. */
  public void awaitWatchdog() throws IOException {
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    List<String> find = List.of("pgrep", "-f", "sluice-watchdog " + state() + " ");
    while (Command.run(find).ok()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the watchdog does not come to an end");
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }

  /** The resolver of this state folder. */
  public Optional<Long> resolverPid() {
    String option = "--addn-hosts=" + state().resolve("dns/hosts");
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> List.of(Processes.commandLine(pid).split("\0", -1)).contains(option))
        .findFirst();
  }

  @Override
  public void close() throws IOException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
    awaitWatchdog();
    Optional<Long> envoy = envoyPid();
    if (envoy.isPresent()) {
      Processes.signal(envoy.get(), "KILL");
    }
    Optional<Long> resolver = resolverPid();
    if (resolver.isPresent()) {
      Processes.signal(resolver.get(), "KILL");
    }
    HostFiles.deleteTree(folder);
  }
}
