package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.FILE;
import static io.sluice.agent.host.Log.Key.REASON;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.envoy.EnvoyLauncher;
import io.sluice.agent.facts.ListeningSockets;
import io.sluice.agent.firewall.Backend;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.IpFamily;
import io.sluice.agent.firewall.Ledger;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Identity;
import io.sluice.agent.host.Log;
import io.sluice.agent.host.Processes;
import io.sluice.agent.host.StateFolder;
import io.sluice.agent.resolver.Resolver;
import io.sluice.agent.watchdog.Guard;
import io.sluice.agent.watchdog.Watchdog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code uninstall}: makes the host what it was; asks nobody, and goes by what stands there, not by
 * what should: users, files of the state folder and a part of the rules may be missing.
 */
final class UninstallCommand {

  private static final int DRAIN_SECONDS = 10;
  private static final String MARK = "[0-9a-f]{12}";

  private final Options options;
  private final PrintStream out;
  private final Log log;

  UninstallCommand(Options options, PrintStream out, Log log) {
    this.options = options;
    this.out = out;
    this.log = log;
  }

  int run() throws UsageException, IOException, StateFolder.HeldException {
    String text = options.value("drain").orElse(Integer.toString(DRAIN_SECONDS));
    if (!text.matches("[0-9]{1,4}")) {
      throw new UsageException("--drain " + text + " is not a number of seconds");
    }
    StateFolder folder = new StateFolder(options.stateFolder());
    Path state = folder.path();
    List<Firewall> firewalls = firewalls(folder);
    Envoy envoy = new Envoy(new EnvoyLauncher(state, options.envoy()));
    Resolver resolver = new Resolver(state, options.dnsmasq(), options.upstreams(), log);
    if (options.has("dry-run")) {
      return dryRun(state, firewalls, envoy, resolver);
    }
    if (Files.isDirectory(state)) {
      attempt("no-group", Identity::takeGroup);
      folder.take();
    }
    try (folder) {
      attempt("watchdog-not-settled", () -> Watchdog.settle(state));
      attempt("guard-not-ended", () -> new Guard(state).forget());
      boolean force = options.has("force") || orphaned(folder, firewalls);
      remove(firewalls, envoy, resolver, Integer.parseInt(text), force, state);
      Applied.unname(state);
      Rejection.forget(state);
      OwnDataplane.forget(state);
      if (options.has("purge")) {
        HostFiles.deleteTree(state);
      }
      log.info("uninstalled", FILE, state);
      return ExitCode.OK;
    } catch (RefusedException e) {
      log.error("uninstall-refused", REASON, e.reason());
      return ExitCode.REFUSED;
    }
  }

  private void remove(
      List<Firewall> firewalls,
      Envoy envoy,
      Resolver resolver,
      int drainSeconds,
      boolean force,
      Path state)
      throws IOException, RefusedException {
    for (Firewall firewall : firewalls) {
      firewall.release(force);
    }
    awaitStrays(state, envoy, drainSeconds);
    Optional<Firewall> own = firewalls.stream().findFirst();
    DataPath.remove(envoy, resolver, own, drainSeconds, force);
    for (Firewall other : firewalls) {
      other.remove(force);
    }
  }

  /** An Envoy that can't be asked, because its folder is gone, is watched from outside. */
  private static void awaitStrays(Path state, Envoy envoy, int seconds) throws IOException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    for (long pid : Processes.in(state)) {
      boolean stray =
          !envoy.pid().equals(Optional.of(pid))
              && Processes.commandLine(pid).contains("\0bootstrap.json\0");
      while (stray && System.nanoTime() < end && ListeningSockets.connections(pid) > 0) {
        try {
          Thread.sleep(100);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /**
   * Whether the rules that stand here are nobody's any more: this folder has lost its mark, and no
   * process serves from a folder with theirs.
   */
  private boolean orphaned(StateFolder folder, List<Firewall> firewalls) throws IOException {
    if (folder.ownerIfAny().filter(mark -> mark.matches(MARK)).isPresent()) {
      return false;
    }
    for (Firewall firewall : firewalls) {
      Optional<String> mark = firewall.otherOwner();
      if (mark.isPresent() && serves(mark.get())) {
        return false;
      }
    }
    log.warn("no-mark", FILE, folder.path());
    return true;
  }

  private static boolean serves(String mark) throws IOException {
    List<Path> folders = new ArrayList<>(List.of(Path.of("/var/lib/sluice-agent")));
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      processes.forEach(process -> folders.add(process.resolve("cwd")));
    }
    for (Path folder : folders) {
      try {
        if (HostFiles.text(folder.resolve("owner")).map(String::strip).equals(Optional.of(mark))) {
          return true;
        }
      } catch (IOException e) {
        // It has ended, or is not ours to look at.
      }
    }
    return false;
  }

  private interface Step {
    void run() throws IOException;
  }

  private void attempt(String failure, Step step) {
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      log.warn(failure, REASON, String.valueOf(e.getMessage()));
    }
  }

  /** That of our backend first, then that of the other one if anything stands there. */
  private List<Firewall> firewalls(StateFolder folder) throws UsageException, IOException {
    List<Firewall> firewalls = new ArrayList<>();
    if (!Command.exists("iptables")) {
      return firewalls;
    }
    Backend own = RunCommand.backend(options);
    String owner = folder.ownerIfAny().orElse("");
    firewalls.add(new Firewall(own, owner, new Ledger(folder.path())));
    for (Backend other : Backend.values()) {
      boolean stands = other.populated(IpFamily.V4) || other.populated(IpFamily.V6);
      if (other != own && stands) {
        Firewall firewall = new Firewall(other, owner, new Ledger(folder.path().resolve("none")));
        if (firewall.anyOfUs()) {
          firewalls.add(firewall);
        }
      }
    }
    return firewalls;
  }

  private int dryRun(Path state, List<Firewall> firewalls, Envoy envoy, Resolver resolver)
      throws IOException {
    List<String> steps = new ArrayList<>();
    for (Firewall firewall : firewalls) {
      steps.addAll(firewall.removal());
    }
    envoy.pid().ifPresent(pid -> steps.add("stop Envoy, process " + pid));
    resolver.pid().ifPresent(pid -> steps.add("stop the resolver, process " + pid));
    if (options.has("purge") && Files.exists(state)) {
      steps.add("delete " + state);
    }
    if (steps.isEmpty()) {
      steps.add("nothing to remove: no rules of Sluice stand, and nothing serves from " + state);
    }
    steps.forEach(out::println);
    return ExitCode.OK;
  }
}
