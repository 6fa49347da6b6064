package io.sluice.agent.envoy;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.host.Accounts;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts Envoy as its own user without capabilities, in a session of its own. */
public final class EnvoyLauncher {

  /**
   * Says which process becomes Envoy, over a pipe: a file would need space on the disk. What Envoy
   * says goes to its log, or nowhere if there can be none.
   */
  private static final String BECOME =
      """
      echo $$
      if (: >>envoy.log) 2>/dev/null; then exec >>envoy.log 2>&1; else exec >/dev/null 2>&1; fi
      exec "$@"
      """;

  /** Stays until the number is here: Java gives up what a process says once that has ended. */
  private static final String START =
      """
      become=$1
      shift
      setsid --fork sh -c "$become" sh "$@" | { read -r pid && echo "$pid"; }
      """;

  private static final Pattern VERSION = Pattern.compile("/([0-9]+\\.[0-9]+\\.[0-9]+)/");

  private final Path state;
  private final String program;
  private final boolean asRoot;
  private String version = "";

  /**
   * Starts this program.
   *
   * @param program a path, or a name to be found on the PATH
   */
  public EnvoyLauncher(Path state, String program) throws IOException {
    this.state = state;
    this.program = program;
    this.asRoot = Accounts.self().uid() == 0;
  }

  Path state() {
    return state;
  }

  /** The version of the program that would be started. */
  public String version() throws IOException {
    if (version.isEmpty()) {
      if (!Command.exists(program)) {
        String where = program.contains("/") ? program : "\"" + program + "\" on the PATH";
        throw new IOException("there is no Envoy: " + where + " is no program; see --envoy");
      }
      Matcher matcher = VERSION.matcher(Command.run(List.of(program, "--version")).out());
      version = matcher.find() ? matcher.group(1) : "unknown";
    }
    return version;
  }

  /** Lets Envoy itself read a bootstrap without running it. */
  void validate(Path bootstrap, String user) throws IOException, RefusedException {
    List<String> command = new ArrayList<>(identity(user));
    command.addAll(
        List.of(program, "--mode", "validate", "-c", bootstrap.toString(), "-l", "error"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(state.toFile());
    Command.onlyPath(builder);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readNBytes(65_536), UTF_8);
    if (await(process) != 0) {
      throw new RefusedException("Envoy does not take the bootstrap: " + said);
    }
  }

  /**
   * Starts an Envoy.
   *
   * @param before the one that it takes over from, if any serves
   */
  EnvoyProcess start(Optional<EnvoyProcess> before, String bootstrap, String user, int drainSeconds)
      throws IOException, RefusedException {
    prepareRun(user);
    if (before.isEmpty()) {
      endStrays();
    }
    // Envoy asks the kernel to end it together with its parent, so its parent must be nobody of
    // ours: setsid forks and ends, and the shell says which process becomes Envoy.
    List<String> command = new ArrayList<>(List.of("sh", "-c", START, "sh", BECOME));
    command.addAll(identity(user));
    command.addAll(
        List.of(
            program,
            "-c",
            "bootstrap.json",
            "--drain-time-s",
            Integer.toString(drainSeconds),
            "--parent-shutdown-time-s",
            Integer.toString(drainSeconds + 1)));
    long id = before.map(EnvoyProcess::baseId).orElseGet(EnvoyLauncher::newBaseId);
    command.addAll(List.of("--base-id", Long.toString(id)));
    before.ifPresent(
        b -> command.addAll(List.of("--restart-epoch", Integer.toString(b.epoch() + 1))));
    long said = new EnvoyLog(state).size();
    ProcessBuilder builder = new ProcessBuilder(command).directory(state.toFile());
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Command.onlyPath(builder);
    Process process = builder.start();
    String first = java.util.Objects.requireNonNullElse(process.inputReader().readLine(), "");
    await(process);
    if (!first.matches("[0-9]{1,10}")) {
      throw new RefusedException("Envoy did not start: " + first);
    }
    long pid = Long.parseLong(first);
    String running = running(pid, said);
    long started = Processes.startTime(pid).orElseThrow(() -> ended(said));
    int epoch = before.map(b -> b.epoch() + 1).orElse(0);
    return new EnvoyProcess(pid, started, running, epoch, id, bootstrap, drainSeconds, version());
  }

  /**
   * Ends every Envoy of this state folder, also one that an agent started and could not note before
   * it was killed: it would share the ports with the next one.
   */
  void endStrays() throws IOException {
    Path real = Files.exists(state) ? state.toRealPath() : state;
    for (long pid : Processes.in(real)) {
      if (Processes.commandLine(pid).contains("\0-c\0bootstrap.json\0")) {
        Processes.signal(pid, "KILL");
        for (int i = 0; i < 1000 && Processes.startTime(pid).isPresent(); i++) {
          pause();
        }
      }
    }
  }

  /** The identity is set by programs that become Envoy: only then it is Envoy. */
  private String running(long pid, long said) throws RefusedException {
    for (int i = 0; i < 1000; i++) {
      Optional<String> now = Processes.program(pid);
      if (now.isEmpty()) {
        break;
      }
      if (!now.get().matches(".*/(setsid|setpriv|(ba|da)?sh|busybox)")) {
        return now.get();
      }
      pause();
    }
    throw ended(said);
  }

  /** Nobody else's: it names the memory that an Envoy shares with the one that follows it. */
  private static long newBaseId() {
    while (true) {
      long id = 1L + new SecureRandom().nextInt(200_000_000);
      if (!Files.exists(EnvoyProcess.sharedMemory(id))) {
        return id;
      }
    }
  }

  private RefusedException ended(long said) {
    return new RefusedException("Envoy did not start: " + new EnvoyLog(state).complaint(said));
  }

  private List<String> identity(String user) throws IOException, RefusedException {
    if (!asRoot) {
      return List.of();
    }
    Accounts.User account = account(user);
    return List.of(
        "setpriv",
        "--reuid=" + account.uid(),
        "--regid=" + account.gid(),
        "--clear-groups",
        "--inh-caps=-all",
        "--ambient-caps=-all",
        "--bounding-set=-all",
        "--no-new-privs",
        "--");
  }

  /** The user that it would be started as. */
  long uid(String user) throws IOException, RefusedException {
    return asRoot ? account(user).uid() : Accounts.self().uid();
  }

  /** Whether a process has the user that it would be started as. */
  boolean runsAs(EnvoyProcess running, String user) throws IOException, RefusedException {
    return !asRoot || Processes.user(running.pid()).equals(Optional.of(account(user).uid()));
  }

  /** A bundle names the proxy's user, so that it must be one that was made for that. */
  public static Accounts.User account(String user) throws IOException, RefusedException {
    Accounts.User account =
        Accounts.user(user)
            .orElseThrow(
                () ->
                    new RefusedException(
                        "there is no user " + user + " here: run sluice-agent setup"));
    long group = Accounts.group(Accounts.GROUP).orElse(-1L);
    if (account.uid() == 0 || account.gid() != group) {
      throw new RefusedException(
          "user " + user + " is no proxy's: its primary group is not " + Accounts.GROUP);
    }
    return account;
  }

  private void prepareRun(String user) throws IOException, RefusedException {
    Path run = state.resolve("run");
    io.sluice.agent.host.HostFiles.createFolder(run);
    if (asRoot) {
      Accounts.User account = account(user);
      if (!Files.getAttribute(run, "unix:uid").equals((int) account.uid())) {
        Files.setAttribute(run, "unix:uid", (int) account.uid());
        Files.setAttribute(run, "unix:gid", (int) account.gid());
      }
    }
  }

  private static int await(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;
}
