package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.COUNT;
import static io.sluice.agent.host.Log.Key.DIGEST;
import static io.sluice.agent.host.Log.Key.FILE;
import static io.sluice.agent.host.Log.Key.REASON;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.Generations;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.Ledger;
import io.sluice.agent.host.Identity;
import io.sluice.agent.host.Log;
import io.sluice.agent.host.StateFolder;
import io.sluice.agent.resolver.Resolver;
import io.sluice.agent.watchdog.Guard;
import io.sluice.agent.watchdog.Watchdog;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/**
 * {@code boot}: loads the rules of the last good generation before services start, so that nothing
 * passes by Envoy until it serves. Needs neither network nor control plane. Where traffic may pass
 * without Envoy it does so until the agent has started it.
 */
final class BootCommand {

  private final Options options;
  private final Log log;

  BootCommand(Options options, Log log) {
    this.options = options;
    this.log = log;
  }

  int run() throws UsageException, IOException, StateFolder.HeldException {
    StateFolder folder = new StateFolder(options.stateFolder());
    Optional<Digest> applied = Applied.named(folder.path());
    if (!Files.isDirectory(folder.path()) || applied.isEmpty()) {
      log.info("nothing-to-load", FILE, folder.path());
      return ExitCode.OK;
    }
    Identity.takeGroup();
    folder.take();
    try (folder) {
      Watchdog.settle(folder.path());
      new Guard(folder.path()).forget();
      Optional<Generation> generation = new Generations(folder.path()).open(applied.get());
      if (generation.isEmpty()) {
        log.error("generation-damaged", DIGEST, applied.get());
        return ExitCode.FAILED;
      }
      Firewall firewall =
          new Firewall(RunCommand.backend(options), folder.owner(), new Ledger(folder.path()));
      Resolver resolver = new Resolver(folder.path(), options.dnsmasq(), options.upstreams(), log);
      load(generation.get(), firewall, resolver);
      return ExitCode.OK;
    } catch (RefusedException e) {
      log.error("rules-not-loaded", DIGEST, applied.get(), REASON, e.reason());
      return ExitCode.REFUSED;
    }
  }

  private void load(Generation generation, Firewall firewall, Resolver resolver)
      throws IOException, RefusedException {
    Settings settings = generation.settings();
    boolean captures = settings.mode() == Settings.Mode.IPTABLES;
    if (captures && settings.onProxyFailure() == Settings.OnProxyFailure.CLOSED) {
      prepare(resolver, settings, generation);
      int changed = WantedRules.of(generation).plan(firewall).install();
      resolver.confirm();
      log.info("rules-loaded", DIGEST, generation.digest(), COUNT, changed);
    } else if (firewall.anyStands()) {
      // Another unit restores what was saved at shutdown, ours among it.
      firewall.release(false);
      log.info("rules-released", DIGEST, generation.digest());
    }
  }

  /**
   * Without it names are not found until the agent has started it, but nothing passes by either.
   */
  private void prepare(Resolver resolver, Settings settings, Generation generation) {
    try {
      resolver.prepare(settings, generation);
    } catch (IOException | RefusedException e) {
      log.error("resolver-failed", REASON, String.valueOf(e.getMessage()));
    }
  }
}
