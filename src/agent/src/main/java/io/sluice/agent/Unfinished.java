package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.DIGEST;
import static io.sluice.agent.host.Log.Key.REASON;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.envoy.BoundPorts;
import io.sluice.agent.envoy.EnvoyLauncher;
import io.sluice.agent.firewall.RuleSwitch;
import io.sluice.agent.host.Log;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * What is left to do for a generation that is in force already, and so can neither be refused nor
 * be left: what fails is tried again. Not for several threads at once.
 */
final class Unfinished {

  private final DataPath path;
  private final Log log;
  private Optional<Runnable> rest = Optional.empty();
  private boolean lacksResume;
  private long lingersUntil;

  Unfinished(DataPath path, Log log) {
    this.path = path;
    this.log = log;
  }

  /** Whether something has failed, and is to be tried again. */
  boolean isAny() {
    return lacksResume || rest.isPresent();
  }

  /** What the generation in force says could not be made of the host when the agent started. */
  void notResumed() {
    lacksResume = true;
  }

  /** The host is what the generation in force says, or has none. */
  void resumed() {
    lacksResume = false;
  }

  /** Whether that is to be tried again. */
  boolean lacksResume() {
    return lacksResume;
  }

  /**
   * Does what is left to do: notes the rules, lets somebody watch Envoy, ends what led back. What
   * was left of an earlier generation is not due any more.
   *
   * @param rules how they were changed, if they were
   */
  void finish(Generation inForce, Optional<RuleSwitch> rules) {
    rest = Optional.empty();
    resumed();
    attempt(inForce, rules);
  }

  private void attempt(Generation inForce, Optional<RuleSwitch> rules) {
    try {
      if (rules.isPresent()) {
        rules.get().note();
      }
      watchEnvoy(inForce, rules);
      path.envoy().settle(inForce);
      rest = Optional.empty();
    } catch (IOException | RefusedException | RuntimeException | Error e) {
      if (rest.isEmpty()) {
        log.warn("not-finished", DIGEST, inForce.digest(), REASON, e.toString());
      }
      rest = Optional.of(() -> attempt(inForce, rules));
    }
  }

  /** Where traffic shall rather pass by Envoy than fail, somebody must see that it fails. */
  private void watchEnvoy(Generation inForce, Optional<RuleSwitch> rules)
      throws IOException, RefusedException {
    Settings settings = inForce.settings();
    if (settings.mode() == Settings.Mode.NONE
        || settings.onProxyFailure() == Settings.OnProxyFailure.CLOSED) {
      path.guard().forget();
    } else if (rules.isPresent()) {
      Set<Integer> ports = BoundPorts.of(inForce);
      ports.retainAll(settings.redirectPorts());
      long uid = EnvoyLauncher.account(settings.proxyUser()).uid();
      path.guard().start(path.firewall().loaders(), rules.get().jumps(), ports, uid);
    }
  }

  /** Starts the guard that was stopped; one for rules of a former generation would put those in. */
  void startGuard() throws IOException {
    if (rest.isEmpty()) {
      path.guard().start();
    }
  }

  /** Lets rules that were released stand as long as connections may drain. */
  void linger(Settings inForce) {
    boolean released = inForce.mode() == Settings.Mode.NONE && path.firewall().engaged();
    lingersUntil = released ? System.nanoTime() + inForce.drainSeconds() * 1_000_000_000L : 0;
  }

  /** Nothing is due any more of a host that leaves, but what lingers. */
  void forget() {
    rest = Optional.empty();
    resumed();
  }

  /** What lingered was removed. */
  void lingersNoMore() {
    lingersUntil = 0;
  }

  /** Tries again what has failed, and removes what only drained connections needed. */
  void tend() throws IOException, RefusedException {
    rest.ifPresent(Runnable::run);
    startGuard();
    if (lingersUntil != 0 && System.nanoTime() > lingersUntil) {
      path.firewall().remove(false);
      lingersUntil = 0;
      log.info("rules-removed");
    }
  }
}
