package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.COUNT;
import static io.sluice.agent.host.Log.Key.DIGEST;
import static io.sluice.agent.host.Log.Key.PID;
import static io.sluice.agent.host.Log.Key.REASON;
import static io.sluice.agent.host.Log.Key.TOOK_MS;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.Generations;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.ServiceProbe;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.drift.GuardedRules;
import io.sluice.agent.envoy.BoundPorts;
import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.envoy.EnvoyConfigCheck;
import io.sluice.agent.envoy.EnvoyLauncher;
import io.sluice.agent.firewall.Deviation;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.IpFamily;
import io.sluice.agent.firewall.RuleSwitch;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Log;
import io.sluice.agent.host.Meanwhile;
import io.sluice.agent.prove.Proof;
import io.sluice.agent.prove.UnreachableException;
import io.sluice.agent.resolver.HostsCheck;
import io.sluice.agent.resolver.Resolver;
import io.sluice.agent.watchdog.Guard;
import io.sluice.agent.watchdog.Watchdog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * This host as bundles change it: one of them is in force, and a step that fails leaves it so. Not
 * for several threads at once.
 */
final class Host implements GuardedRules {

  private static final String APPLIED = "applied";

  private final Path state;
  private final Generations generations;
  private final Envoy envoy;
  private final Firewall firewall;
  private final Resolver resolver;
  private final Proof proof;
  private final Guard guard;
  private final String versions;
  private final Log log;
  private @Nullable Generation current;
  private Optional<Rejection> rejection;
  private Optional<Runnable> unfinished = Optional.empty();
  private long confirmedAt;
  private long lingersUntil;

  Host(
      Path state,
      Envoy envoy,
      Firewall firewall,
      Resolver resolver,
      Proof proof,
      String versions,
      Log log)
      throws IOException {
    this.state = state;
    this.generations = new Generations(state);
    this.envoy = envoy;
    this.firewall = firewall;
    this.resolver = resolver;
    this.proof = proof;
    this.guard = new Guard(state);
    this.versions = versions;
    this.log = log;
    this.rejection = Rejection.remembered(state).filter(this::stillHolds);
    Optional<Digest> applied = applied(state);
    if (applied.isPresent()) {
      current = generations.openApplied(applied.get()).orElse(null);
      if (current == null) {
        log.warn("generation-damaged", DIGEST, applied.get());
      }
    }
  }

  /** The digest that a state folder names as applied. */
  static Optional<Digest> applied(Path state) throws IOException {
    return HostFiles.text(state.resolve(APPLIED))
        .map(String::strip)
        .filter(Digest::isDigest)
        .map(Digest::new);
  }

  Optional<Digest> applied() {
    return Optional.ofNullable(current).map(Generation::digest);
  }

  Optional<Rejection> rejection() {
    return rejection;
  }

  /**
   * Applies what a pack holds, or refuses it for good.
   *
   * @return whether it is in force
   * @throws IOException if something failed that may succeed another time; nothing has changed
   */
  boolean receive(Digest digest, InputStream pack, Generations.Fetch missing) throws IOException {
    long start = System.nanoTime();
    long commands = Command.started();
    Generation received = null;
    try {
      // Not under the lock: a control plane that sends slowly must not keep Envoy from being
      // started anew meanwhile.
      received = generations.receive(digest, pack, current, missing);
      long here = System.nanoTime();
      long confirmed;
      synchronized (this) {
        // A control plane that just sent a bundle can be reached.
        apply(received, true);
        confirmed = confirmedAt;
        taken(digest);
      }
      log.info(
          "applied",
          DIGEST,
          digest,
          TOOK_MS,
          (System.nanoTime() - start) / 1_000_000,
          Log.Key.RECEIVED_MS,
          (here - start) / 1_000_000,
          Log.Key.SWITCH_MS,
          (confirmed - here) / 1_000_000,
          Log.Key.COMMANDS,
          Command.started() - commands);
      return true;
    } catch (RefusedException e) {
      String conditions = received == null ? "" : Conditions.of(received, firewall, resolver);
      synchronized (this) {
        refused(new Rejection(digest, e.reason(), versions, conditions));
      }
      return false;
    }
  }

  private void taken(Digest digest) throws IOException {
    Rejection.forget(state);
    rejection = Optional.empty();
    generations.prune(digest);
  }

  private void refused(Rejection refused) throws IOException {
    rejection = Optional.of(refused);
    log.error("rejected", DIGEST, refused.digest(), REASON, refused.reason());
    refused.remember(state);
    generations.prune(current == null ? refused.digest() : current.digest());
  }

  /** Whether a refusal is still to be expected. */
  private boolean stillHolds(Rejection refused) {
    try {
      Optional<Generation> bundle = generations.open(refused.digest());
      return refused.versions().equals(versions)
          && (bundle.isEmpty()
              || refused.conditions().isEmpty()
              || refused.conditions().equals(Conditions.of(bundle.get(), firewall, resolver)));
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * Tries a bundle that was refused again if this host has changed since.
   *
   * @return whether it is in force now
   */
  synchronized boolean reconsider() throws IOException {
    if (rejection.isEmpty() || stillHolds(rejection.get())) {
      return false;
    }
    Digest digest = rejection.get().digest();
    Optional<Generation> bundle = generations.open(digest);
    if (bundle.isEmpty()) {
      rejection = Optional.empty();
      return false;
    }
    log.info("reconsidered", DIGEST, digest);
    try {
      apply(bundle.get(), proof.controlPlaneAnswers());
      taken(digest);
      log.info("applied", DIGEST, digest);
      return true;
    } catch (RefusedException e) {
      refused(
          new Rejection(
              digest, e.reason(), versions, Conditions.of(bundle.get(), firewall, resolver)));
      return false;
    }
  }

  /**
   * Makes the host what the generation in force says, after a start of the agent or of the host.
   */
  void resume() throws IOException {
    Watchdog.settle(state);
    Generation resumed = current;
    try {
      if (resumed == null) {
        removeLeftovers();
        return;
      }
    } catch (RefusedException e) {
      log.error("resume-failed", REASON, e.reason());
      return;
    }
    boolean adopted = !envoy.needsStart();
    try {
      apply(resumed, false);
      log.info(
          adopted ? "envoy-adopted" : "envoy-started",
          PID,
          envoy.pid().map(String::valueOf).orElse("-"),
          DIGEST,
          resumed.digest());
    } catch (RefusedException e) {
      log.error("resume-failed", DIGEST, resumed.digest(), REASON, e.reason());
    }
  }

  /** Rules that no generation vouches for, left by an agent that ended in its first switch. */
  private void removeLeftovers() throws IOException, RefusedException {
    if (applied(state).isEmpty() && firewall.engaged() && firewall.anyStands()) {
      firewall.remove(false);
    }
  }

  /**
   * Makes a generation the one in force.
   *
   * @param reached whether the control plane can be reached before it, and so must be after it
   */
  private void apply(Generation target, boolean reached) throws IOException, RefusedException {
    Generation before = current;
    SortedMap<String, Optional<Digest>> changes = target.changesSince(Optional.ofNullable(before));
    demandKnown(changes.keySet());
    EnvoyConfigCheck.check(target, changes);
    if (before != null && shift(target, before, changes)) {
      return;
    }
    Map<IpFamily, byte[]> rules = rules(target, target.settings());
    resolver.check(target.settings(), target);
    guard.stop();
    try {
      comeBack(before);
      Optional<RuleSwitch> plan = plan(target, before, rules);
      if (target == before) {
        resume(target, plan);
      } else {
        change(target, before, plan, reached);
      }
      confirmedAt = System.nanoTime();
      // Until here it was due for what was in force, and is again if there is no other.
      unfinished = Optional.empty();
      finish(target, plan);
    } finally {
      startGuard();
    }
    boolean released = target.settings().mode() == Settings.Mode.NONE && firewall.engaged();
    lingersUntil =
        released ? System.nanoTime() + target.settings().drainSeconds() * 1_000_000_000L : 0;
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
            && unfinished.isEmpty()
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
      HostFiles.replace(state.resolve(APPLIED), target.digest() + "\n");
    } catch (IOException | RefusedException | RuntimeException | Error e) {
      try {
        back(before, target, Optional.empty());
      } finally {
        startGuard();
      }
      throw e;
    }
    current = target;
    confirmedAt = System.nanoTime();
    return true;
  }

  /**
   * Does what is left to do for a generation that is in force already, and so can neither be
   * refused nor be left: what fails is tried again.
   */
  private void finish(Generation target, Optional<RuleSwitch> plan) {
    try {
      if (plan.isPresent()) {
        plan.get().note();
      }
      watchEnvoy(target, plan);
      envoy.settle(target);
      unfinished = Optional.empty();
    } catch (IOException | RefusedException | RuntimeException | Error e) {
      if (unfinished.isEmpty()) {
        log.warn("not-finished", DIGEST, target.digest(), REASON, e.toString());
      }
      unfinished = Optional.of(() -> finish(target, plan));
    }
  }

  /** One that watches for rules of a former generation would put those in. */
  private void startGuard() throws IOException {
    if (unfinished.isEmpty()) {
      guard.start();
    }
  }

  /** Puts jumps in that are out, as only the guard knows their places among the rules of others. */
  private void comeBack(@Nullable Generation before) throws IOException {
    if (before != null && guard.isOut()) {
      try {
        envoy.switchTo(before, before, false);
        guard.putIn();
      } catch (RefusedException e) {
        // What comes may mend it, and appends what it does not find.
        log.warn("envoy-down", DIGEST, before.digest(), REASON, e.reason());
      }
    }
  }

  /** Where traffic shall rather pass by Envoy than fail, somebody must see that it fails. */
  private void watchEnvoy(Generation target, Optional<RuleSwitch> plan)
      throws IOException, RefusedException {
    Settings settings = target.settings();
    if (settings.mode() == Settings.Mode.NONE
        || settings.onProxyFailure() == Settings.OnProxyFailure.CLOSED) {
      guard.forget();
    } else if (plan.isPresent()) {
      Set<Integer> ports = BoundPorts.of(target);
      ports.retainAll(settings.redirectPorts());
      long uid = EnvoyLauncher.account(settings.proxyUser()).uid();
      guard.start(firewall.loaders(), plan.get().jumps(), ports, uid);
    }
  }

  private Optional<RuleSwitch> plan(
      Generation target, @Nullable Generation before, Map<IpFamily, byte[]> rules)
      throws IOException, RefusedException {
    Settings settings = target.settings();
    if (settings.mode() == Settings.Mode.IPTABLES) {
      // What was not finished may not have noted its rules, nor told the guard of them.
      return unfinished.isEmpty() && sameRules(target, before)
          ? Optional.empty()
          : Optional.of(firewall.plan(rules, settings.ruleTargets()));
    }
    boolean captured = firewall.engaged() && target != before;
    return captured ? Optional.of(firewall.planRelease()) : Optional.empty();
  }

  /** What was in force before needs no way back: there is nothing else to go to. */
  private void resume(Generation target, Optional<RuleSwitch> plan)
      throws IOException, RefusedException {
    envoy.switchTo(target, target, false);
    resolver.prepare(target.settings(), target);
    target.makeDurable();
    if (plan.isPresent()) {
      tell(plan.get().install());
    }
    resolver.confirm();
    HostFiles.replace(state.resolve(APPLIED), target.digest() + "\n");
  }

  private void change(
      Generation target, @Nullable Generation before, Optional<RuleSwitch> plan, boolean reached)
      throws IOException, RefusedException {
    // While rules still lead to ports that the new generation does not have, so must Envoy.
    boolean moved =
        plan.isPresent() && before != null && !before.settings().capturesAs(target.settings());
    try (Watchdog watchdog = watchdog(target, before, plan);
        Meanwhile durable = Meanwhile.begin(target::makeDurable)) {
      test(plan, watchdog);
      try (Meanwhile announced = Meanwhile.begin(() -> announce(plan))) {
        envoy.switchTo(target, before, moved);
        resolver.prepare(target.settings(), target);
        durable.end();
        announced.end();
        if (plan.isPresent()) {
          tell(plan.get().load(watchdog));
        }
        OptionalLong changes = firewall.changes();
        demand(target, reached);
        if (plan.isPresent()) {
          plan.get().loaded();
        }
        if (!changes.equals(firewall.changes())) {
          // What was proved may have been so by the rules of before.
          demand(target, reached);
        }
        HostFiles.replace(state.resolve(APPLIED), target.digest() + "\n");
        watchdog.confirm();
      } catch (IOException | RefusedException | RuntimeException | Error e) {
        if (back(before, target, plan)) {
          watchdog.dismiss();
        }
        if (e instanceof UnreachableException && !proof.controlPlaneAnswers()) {
          throw new IOException("the control plane went away during the switch", e);
        }
        throw e;
      }
    }
    current = target;
    resolver.confirm();
  }

  /** What the kernel does not take changes nothing: there is nothing to give back. */
  private void test(Optional<RuleSwitch> plan, Watchdog watchdog)
      throws IOException, RefusedException {
    if (plan.isPresent()) {
      try {
        plan.get().test(watchdog);
      } catch (IOException | RefusedException e) {
        watchdog.dismiss();
        throw e;
      }
    }
  }

  private void announce(Optional<RuleSwitch> plan) throws IOException {
    if (plan.isPresent()) {
      plan.get().announce();
    }
  }

  private void demand(Generation target, boolean reached) throws IOException, RefusedException {
    proof.demand(target, reached);
    resolver.prove();
  }

  private Watchdog watchdog(
      Generation target, @Nullable Generation before, Optional<RuleSwitch> plan)
      throws IOException {
    Map<String, String> back = plan.isPresent() ? plan.get().wayBack() : Map.<String, String>of();
    Path folder = Watchdog.folder(state);
    try {
      Watchdog.prepare(state);
      if (before != null) {
        envoy.keepFiles(folder.resolve("live"), before, target);
      }
      return Watchdog.arm(state, firewall.loaders(), back);
    } catch (IOException e) {
      HostFiles.deleteTree(folder);
      throw e;
    }
  }

  private void tell(int changed) {
    if (changed > 0) {
      log.info("rules-switched", COUNT, changed);
    }
  }

  /** Whether rules need no look at: those of another generation are the same and were installed. */
  private static boolean sameRules(Generation target, @Nullable Generation before)
      throws IOException, RefusedException {
    return before != null
        && before != target
        && target.tree().folder("iptables/").equals(before.tree().folder("iptables/"))
        && target.settings().configuresAs(before.settings());
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

  static Map<IpFamily, byte[]> rules(Generation target, Settings settings)
      throws IOException, RefusedException {
    Map<IpFamily, byte[]> rules = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      Optional<byte[]> text = target.find(family.file());
      boolean wanted =
          settings.mode() == Settings.Mode.IPTABLES && (family == IpFamily.V4 || settings.ipv6());
      if (wanted != text.isPresent()) {
        throw new RefusedException(
            family.file() + (wanted ? " is missing" : " is not for these settings"));
      }
      text.ifPresent(content -> rules.put(family, content));
    }
    return rules;
  }

  /**
   * Puts rules and Envoy back to what they were.
   *
   * @return whether that could be done
   */
  private boolean back(@Nullable Generation before, Generation refused, Optional<RuleSwitch> plan) {
    // The watchdog may give files back, now or later.
    envoy.lookAgain();
    try {
      // A watchdog that has waited too long has started it.
      guard.stop();
      if (before == null) {
        Files.deleteIfExists(state.resolve(APPLIED));
      } else {
        HostFiles.replace(state.resolve(APPLIED), before.digest() + "\n");
      }
      if (plan.isPresent()) {
        plan.get().undo();
      }
      resolver.back();
      if (before == null) {
        // Rules may stand that an agent put in which ended before it could note a generation:
        // without Envoy they would lead nowhere.
        remove(envoy, resolver, engaged(), 0, false);
        return true;
      }
      try {
        envoy.switchTo(before, refused);
        envoy.settle(before);
      } catch (IOException | RefusedException e) {
        log.warn("return-by-restart", REASON, String.valueOf(e.getMessage()));
        envoy.restart(before);
      }
      return true;
    } catch (IOException | RefusedException | RuntimeException | Error e) {
      log.error("return-failed", REASON, e.toString());
      return false;
    }
  }

  /** Starts Envoy anew if it died, and ends what only drained connections needed. */
  void tend() throws IOException, RefusedException {
    Generation inForce = current;
    unfinished.ifPresent(Runnable::run);
    startGuard();
    if (lingersUntil != 0 && System.nanoTime() > lingersUntil) {
      firewall.remove(false);
      lingersUntil = 0;
      log.info("rules-removed");
    }
    if (inForce != null && envoy.needsStart()) {
      log.warn("envoy-down", DIGEST, inForce.digest());
      envoy.switchTo(inForce, inForce);
      log.info("envoy-started", PID, envoy.pid().map(String::valueOf).orElse("-"));
    }
  }

  @Override
  public List<Deviation> deviations() throws IOException {
    if (current == null || !firewall.engaged() || guard.isOut()) {
      return List.of();
    }
    List<Deviation> found = firewall.deviations();
    // The guard may have taken jumps out just now, which is no drift.
    return guard.isOut() ? List.of() : found;
  }

  @Override
  public long seenAt() {
    return firewall.seenAt();
  }

  @Override
  public boolean shallStand() {
    return settings().map(s -> s.drift() == Settings.Drift.REPAIR).orElse(false);
  }

  @Override
  public boolean repair() throws IOException, RefusedException {
    Generation inForce = current;
    if (inForce == null) {
      return false;
    }
    Settings settings = inForce.settings();
    Map<IpFamily, byte[]> rules = rules(inForce, settings);
    // What it takes out between our look and our change would come back twice.
    guard.stop();
    try {
      if (guard.isOut() || !envoy.isLive()) {
        return false;
      }
      int changed = firewall.plan(rules, settings.ruleTargets()).install();
      log.warn("rules-repaired", COUNT, changed);
      return true;
    } finally {
      startGuard();
    }
  }

  /**
   * The dataplane was deleted: nothing is captured any more, and Envoy begins to drain.
   *
   * @return how many seconds that may take; {@link #left} ends it
   */
  int leave() throws IOException, RefusedException {
    Rejection.forget(state);
    rejection = Optional.empty();
    if (current == null && envoy.pid().isEmpty() && !firewall.engaged()) {
      return 0;
    }
    int drain = current == null ? 0 : current.settings().drainSeconds();
    guard.forget();
    unfinished = Optional.empty();
    if (firewall.engaged()) {
      firewall.release(false);
    }
    Files.deleteIfExists(state.resolve(APPLIED));
    current = null;
    envoy.beginToDrain();
    return drain;
  }

  /** Whether all connections of a host that leaves have ended. */
  boolean isDrained() {
    return envoy.isDrained();
  }

  /** Removes what a host that leaves still had. */
  void left() throws IOException, RefusedException {
    if (envoy.pid().isPresent() || resolver.pid().isPresent() || firewall.engaged()) {
      remove(envoy, resolver, engaged(), 0, false);
      lingersUntil = 0;
      log.info("removed");
    }
  }

  private Optional<Firewall> engaged() {
    return firewall.engaged() ? Optional.of(firewall) : Optional.empty();
  }

  /**
   * First the jumps, then Envoy once its connections ended, then the rest: proxied connections need
   * the kernel's connection tracking, which our remaining rules keep in use.
   */
  static void remove(
      Envoy envoy, Resolver resolver, Optional<Firewall> firewall, int drainSeconds, boolean force)
      throws IOException, RefusedException {
    if (firewall.isPresent()) {
      firewall.get().release(force);
    }
    envoy.stop(drainSeconds);
    resolver.remove();
    if (firewall.isPresent()) {
      firewall.get().remove(force);
    }
    envoy.forgetConfiguration();
  }

  /** The mode in force. */
  Optional<Settings.Mode> mode() {
    return settings().map(Settings::mode);
  }

  /** How the applications are probed, by the listener of their inbound. */
  SortedMap<String, ServiceProbe> probes() {
    return settings().map(Settings::probes).orElseGet(Collections::emptySortedMap);
  }

  private Optional<Settings> settings() {
    Generation inForce = current;
    if (inForce == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(inForce.settings());
    } catch (IOException | RefusedException e) {
      return Optional.empty();
    }
  }

  Envoy envoy() {
    return envoy;
  }
}
