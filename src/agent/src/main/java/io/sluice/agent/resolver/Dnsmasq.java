package io.sluice.agent.resolver;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.host.Accounts;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.ProgramLog;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The program that resolves names: dnsmasq, as its own user without capabilities it can spare. */
public final class Dnsmasq {

  private static final Pattern VERSION = Pattern.compile("(?i)dnsmasq version (\\S+)");
  private static final int FIRST_FREE_PORT = 1024;

  private final String program;
  private @Nullable FileTime dated;
  private String version = "";

  /**
   * Uses this program.
   *
   * @param program a path, or a name to be found on the PATH or in a folder of the system's
   */
  public Dnsmasq(String program) {
    this.program = program;
  }

  /** Where it is, if this host has it. */
  public Optional<Path> file() {
    return Command.find(program);
  }

  /** Why this host can't run it, with the remedy; empty if it can. */
  public Optional<String> lacking() throws IOException {
    if (file().isEmpty()) {
      return Optional.of(
          "there is no "
              + program
              + " on this host: install it (Debian and Ubuntu: apt-get install dnsmasq-base;"
              + " elsewhere the package dnsmasq)");
    }
    if (Accounts.self().uid() != 0) {
      return Optional.empty();
    }
    Optional<Accounts.User> user = Accounts.user(Accounts.RESOLVER_USER);
    long group = Accounts.group(Accounts.GROUP).orElse(-1L);
    if (user.isEmpty() || user.get().uid() == 0 || user.get().gid() != group) {
      return Optional.of(
          "there is no user "
              + Accounts.RESOLVER_USER
              + " with the primary group "
              + Accounts.GROUP
              + " on this host: run sluice-agent setup");
    }
    return Optional.empty();
  }

  /** Its name and version, such as {@code dnsmasq 2.90}; empty if this host can't run it. */
  public synchronized Optional<String> version() throws IOException {
    Optional<Path> file = file();
    if (file.isEmpty() || lacking().isPresent()) {
      return Optional.empty();
    }
    FileTime now = Files.getLastModifiedTime(file.get());
    if (!now.equals(dated)) {
      Matcher matcher =
          VERSION.matcher(Command.run(List.of(file.get().toString(), "--version")).out());
      version = "dnsmasq " + (matcher.find() ? matcher.group(1) : "unknown");
      dated = now;
    }
    return Optional.of(version);
  }

  /** Starts it in a session of its own, so that it goes on when we end. */
  ResolverProcess start(Plan plan, Path folder, ProgramLog log)
      throws IOException, RefusedException {
    Optional<String> lacking = lacking();
    if (lacking.isPresent()) {
      throw new RefusedException("DNS can't be captured: " + lacking.get());
    }
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(identity(plan.port()));
    command.add(file().orElseThrow().toString());
    command.addAll(arguments(plan, folder));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true).redirectOutput(log.appender());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Command.onlyPath(builder);
    // Each of these programs becomes the next, so that the process stays the same.
    return ResolverProcess.of(builder.start().pid(), plan)
        .orElseThrow(() -> new RefusedException("the resolver did not start"));
  }

  private static List<String> identity(int port) throws IOException {
    if (Accounts.self().uid() != 0) {
      return List.of();
    }
    Accounts.User user = Accounts.user(Accounts.RESOLVER_USER).orElseThrow();
    String capability = port < FIRST_FREE_PORT ? ",+net_bind_service" : "";
    return List.of(
        "setpriv",
        "--reuid=" + user.uid(),
        "--regid=" + user.gid(),
        "--clear-groups",
        "--inh-caps=-all" + capability,
        "--ambient-caps=-all" + capability,
        "--bounding-set=-all" + capability,
        "--no-new-privs",
        "--");
  }

  /**
   * Options that dnsmasq 2.79 and later have, and that leave nothing to the host's configuration.
   */
  private static List<String> arguments(Plan plan, Path folder) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--log-facility=-",
                "--port=" + plan.port(),
                // Interfaces may come and go, ::1 among them.
                "--bind-dynamic",
                "--listen-address=127.0.0.1",
                "--listen-address=::1"));
    for (String name : plan.interfaces()) {
      arguments.add("--interface=" + name.replace('+', '*'));
    }
    arguments.addAll(
        List.of(
            "--no-hosts",
            ResolverProcess.hosts(folder),
            "--no-resolv",
            "--servers-file=" + folder.resolve(Names.SERVERS),
            "--local-ttl=5",
            "--cache-size=1000",
            // Questions that wait for a dead server must not keep others from being asked.
            "--dns-forward-max=1000"));
    return arguments;
  }
}
