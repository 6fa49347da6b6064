package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.FILE;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.envoy.EnvoyLauncher;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.Ledger;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Identity;
import io.sluice.agent.host.Log;
import io.sluice.agent.host.StateFolder;
import io.sluice.agent.watchdog.Guard;
import io.sluice.agent.watchdog.Watchdog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code uninstall}: makes the host what it was; asks nobody. */
final class UninstallCommand {

  private static final int DRAIN_SECONDS = 10;

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
    Optional<Firewall> firewall = firewall(folder);
    Envoy envoy = new Envoy(new EnvoyLauncher(state, options.envoy()));
    if (options.has("dry-run")) {
      return dryRun(state, firewall, envoy);
    }
    if (Files.isDirectory(state)) {
      groupIfAny();
      folder.take();
    }
    try (folder) {
      Watchdog.settle(state);
      new Guard(state).forget();
      Host.remove(envoy, firewall, Integer.parseInt(text), options.has("force"));
      Files.deleteIfExists(state.resolve("applied"));
      Rejection.forget(state);
      if (options.has("purge")) {
        HostFiles.deleteTree(state);
      }
      log.info("uninstalled", FILE, state);
      return ExitCode.OK;
    } catch (RefusedException e) {
      log.error("uninstall-refused", Log.Key.REASON, e.reason());
      return ExitCode.REFUSED;
    }
  }

  private void groupIfAny() {
    try {
      Identity.takeGroup();
    } catch (IOException e) {
      log.warn("no-group", Log.Key.REASON, String.valueOf(e.getMessage()));
    }
  }

  private Optional<Firewall> firewall(StateFolder folder) throws UsageException, IOException {
    if (!Command.exists("iptables")) {
      return Optional.empty();
    }
    return Optional.of(
        new Firewall(
            RunCommand.backend(options),
            folder.ownerIfAny().orElse(""),
            new Ledger(folder.path())));
  }

  private int dryRun(Path state, Optional<Firewall> firewall, Envoy envoy) throws IOException {
    if (firewall.isPresent()) {
      firewall.get().removal().forEach(out::println);
    }
    envoy.pid().ifPresent(pid -> out.println("stop Envoy, process " + pid));
    if (options.has("purge") && Files.exists(state)) {
      out.println("delete " + state);
    }
    return ExitCode.OK;
  }
}
