package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.COUNT;
import static io.sluice.agent.host.Log.Key.DIGEST;
import static io.sluice.agent.host.Log.Key.REASON;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.envoy.EnvoyConfigCheck;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.IpFamily;
import io.sluice.agent.firewall.RuleSwitch;
import io.sluice.agent.host.Log;
import io.sluice.agent.host.Meanwhile;
import io.sluice.agent.prove.Proof;
import io.sluice.agent.prove.UnreachableException;
import io.sluice.agent.resolver.HostsCheck;
import io.sluice.agent.resolver.Resolver;
import io.sluice.agent.watchdog.Guard;
import io.sluice.agent.watchdog.Watchdog;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;

/**
 * The switch from the generation in force to another one: checked, made, proved, and either
 * confirmed or taken back, so that one of the two is in force whatever happens. Not for several
 * threads at once.
 */
final class Switchover {

  private final Envoy envoy;
  private final Firewall firewall;
  private final Resolver resolver;
  private final Guard guard;
  private final Applied applied;
  private final Unfinished unfinished;
  private final WayBack wayBack;
  private final Proof proof;
  private final Log log;

  Switchover(
      DataPath path,
      Applied applied,
      Unfinished unfinished,
      WayBack wayBack,
      Proof proof,
      Log log) {
    this.envoy = path.envoy();
    this.firewall = path.firewall();
    this.resolver = path.resolver();
    this.guard = path.guard();
    this.applied = applied;
    this.unfinished = unfinished;
    this.wayBack = wayBack;
    this.proof = proof;
    this.log = log;
  }

  /**
   * Makes a generation the one in force, also that which is already.
   *
   * @param reached whether the control plane can be reached before it, and so must be after it
   * @return since when it is, by {@link System#nanoTime}
   * @throws RefusedException if this host can't take it; the one before is in force
   * @throws IOException if something failed that may succeed another time; the one before is in
   *     force
   */
  long to(Generation target, boolean reached) throws IOException, RefusedException {
    Optional<Generation> before = applied.generation();
    SortedMap<String, Optional<Digest>> changes = target.changesSince(before);
    demandKnown(changes.keySet());
    EnvoyConfigCheck.check(target, changes);
    if (before.isPresent() && shift(target, before.get(), changes)) {
      return System.nanoTime();
    }
    WantedRules wanted = WantedRules.of(target);
    resolver.check(target.settings(), target);
    long since;
    guard.stop();
    try {
      comeBack(before);
      Optional<RuleSwitch> rules = plan(target, before, wanted);
      if (isSame(target, before)) {
        restore(target, rules);
      } else {
        change(target, before, rules, reached);
      }
      since = System.nanoTime();
      unfinished.finish(target, rules);
    } finally {
      unfinished.startGuard();
    }
    unfinished.linger(target.settings());
    return since;
  }

  private static void demandKnown(Set<String> paths) throws RefusedException {
    for (String path : paths) {
      boolean known =
          path.equals("agent.properties")
              || path.startsWith("envoy/")
              || path.startsWith("mesh/")
              || path.equals(HostsCheck.PATH)
              || path.equals(IpFamily.V4.file())
              || path.equals(IpFamily.V6.file());
      if (!known) {
        throw new RefusedException("the bundle has a file that this agent does not know: " + path);
      }
    }
  }

  /**
   * Makes a generation the one in force that differs in endpoints of clusters, or in how
   * applications are probed, and in nothing else: no rule, listener or name is touched, so that
   * Envoy's word for those endpoints is all the proof there is to have.
   *
   * @return whether it is such a generation and is in force
   */
  private boolean shift(
      Generation target, Generation before, SortedMap<String, Optional<Digest>> changes)
      throws IOException, RefusedException {
    boolean small =
        target != before
            && !unfinished.isAny()
            && !guard.isOut()
            && Envoy.isShift(before, changes)
            && target.settings().configuresAs(before.settings());
    if (!small) {
      return false;
    }
    try {
      if (!envoy.shift(before, target, changes.keySet())) {
        return false;
      }
      target.makeDurable();
      applied.name(Optional.of(target));
    } catch (IOException | RefusedException | RuntimeException | Error e) {
      try {
        wayBack.go(Optional.of(before), target, Optional.empty());
      } finally {
        unfinished.startGuard();
      }
      throw e;
    }
    applied.inForce(Optional.of(target));
    return true;
  }

  /** Puts jumps in that are out, as only the guard knows their places among the rules of others. */
  private void comeBack(Optional<Generation> before) throws IOException {
    if (before.isPresent() && guard.isOut()) {
      try {
        envoy.switchTo(before.get(), before.get(), false);
        guard.putIn();
      } catch (RefusedException e) {
        // What comes may mend it, and appends what it does not find.
        log.warn("envoy-down", DIGEST, before.get().digest(), REASON, e.reason());
      }
    }
  }

  /** How rules are to change, if they may have to. */
  private Optional<RuleSwitch> plan(
      Generation target, Optional<Generation> before, WantedRules wanted)
      throws IOException, RefusedException {
    if (target.settings().mode() == Settings.Mode.IPTABLES) {
      // What was not finished may not have noted its rules, nor told the guard of them.
      return !unfinished.isAny() && haveSameRules(target, before)
          ? Optional.empty()
          : Optional.of(wanted.plan(firewall));
    }
    boolean captured = firewall.engaged() && !isSame(target, before);
    return captured ? Optional.of(firewall.planRelease()) : Optional.empty();
  }

  /** Whether rules need no look at: those of another generation are the same and were installed. */
  private static boolean haveSameRules(Generation target, Optional<Generation> before)
      throws IOException, RefusedException {
    return before.isPresent()
        && !isSame(target, before)
        && target.tree().folder("iptables/").equals(before.get().tree().folder("iptables/"))
        && target.settings().configuresAs(before.get().settings());
  }

  private static boolean isSame(Generation target, Optional<Generation> before) {
    return before.isPresent() && before.get() == target;
  }

  /** What is in force already needs no way back: there is nothing else to go to. */
  private void restore(Generation target, Optional<RuleSwitch> rules)
      throws IOException, RefusedException {
    envoy.switchTo(target, target, false);
    resolver.prepare(target.settings(), target);
    target.makeDurable();
    if (rules.isPresent()) {
      tell(rules.get().install());
    }
    resolver.confirm();
    applied.name(Optional.of(target));
  }

  private void change(
      Generation target, Optional<Generation> before, Optional<RuleSwitch> rules, boolean reached)
      throws IOException, RefusedException {
    // While rules still lead to ports that the new generation does not have, so must Envoy.
    boolean moved =
        rules.isPresent()
            && before.isPresent()
            && !before.get().settings().capturesAs(target.settings());
    try (Watchdog watchdog = wayBack.arm(target, before, rules);
        Meanwhile durable = Meanwhile.begin(target::makeDurable)) {
      test(rules, watchdog);
      try (Meanwhile announced = Meanwhile.begin(() -> announce(rules))) {
        envoy.switchTo(target, before.orElse(null), moved);
        resolver.prepare(target.settings(), target);
        durable.end();
        announced.end();
        if (rules.isPresent()) {
          tell(rules.get().load(watchdog));
        }
        OptionalLong changes = firewall.changes();
        demand(target, reached);
        if (rules.isPresent()) {
          rules.get().loaded();
        }
        if (!changes.equals(firewall.changes())) {
          // What was proved may have been so by the rules of before.
          demand(target, reached);
        }
        applied.name(Optional.of(target));
        watchdog.confirm();
      } catch (IOException | RefusedException | RuntimeException | Error e) {
        if (wayBack.go(before, target, rules)) {
          watchdog.dismiss();
        }
        if (e instanceof UnreachableException && !proof.controlPlaneAnswers()) {
          throw new IOException("the control plane went away during the switch", e);
        }
        throw e;
      }
    }
    applied.inForce(Optional.of(target));
    resolver.confirm();
  }

  /** What the kernel does not take changes nothing: there is nothing to give back. */
  private static void test(Optional<RuleSwitch> rules, Watchdog watchdog)
      throws IOException, RefusedException {
    if (rules.isPresent()) {
      try {
        rules.get().test(watchdog);
      } catch (IOException | RefusedException e) {
        watchdog.dismiss();
        throw e;
      }
    }
  }

  private static void announce(Optional<RuleSwitch> rules) throws IOException {
    if (rules.isPresent()) {
      rules.get().announce();
    }
  }

  private void demand(Generation target, boolean reached) throws IOException, RefusedException {
    proof.demand(target, reached);
    resolver.prove();
  }

  private void tell(int changed) {
    if (changed > 0) {
      log.info("rules-switched", COUNT, changed);
    }
  }
}
