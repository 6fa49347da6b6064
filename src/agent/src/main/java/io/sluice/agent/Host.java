package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.COMMANDS;
import static io.sluice.agent.host.Log.Key.DIGEST;
import static io.sluice.agent.host.Log.Key.PID;
import static io.sluice.agent.host.Log.Key.RECEIVED_MS;
import static io.sluice.agent.host.Log.Key.SWITCH_MS;
import static io.sluice.agent.host.Log.Key.TOOK_MS;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.Generations;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.ServiceProbe;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.drift.GuardedRules;
import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.Log;
import io.sluice.agent.prove.Proof;
import io.sluice.agent.resolver.Resolver;
import io.sluice.agent.watchdog.Guard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/**
 * This host as bundles change it: one of them is in force, and a step that fails leaves it so.
 *
 * <p>Its lock is the host's: whoever lets it change something, or asks several things that belong
 * together, holds it; {@link #receive} and {@link #reconsider} take it themselves.
 */
final class Host {

  private final Generations generations;
  private final DataPath path;
  private final Refusals refusals;
  private final Applied applied;
  private final Unfinished unfinished;
  private final Switchover switchover;
  private final Resumption resumption;
  private final GuardedRules rules;
  private final Proof proof;
  private final Log log;
  private Phase unoccupied = Phase.STARTING;

  Host(
      Path state,
      Envoy envoy,
      Firewall firewall,
      Resolver resolver,
      Proof proof,
      String versions,
      Log log)
      throws IOException {
    this.generations = new Generations(state);
    this.path = new DataPath(envoy, firewall, resolver, new Guard(state));
    this.refusals = new Refusals(state, generations, firewall, resolver, versions, log);
    this.applied = new Applied(state, generations, log);
    this.unfinished = new Unfinished(path, log);
    WayBack wayBack = new WayBack(state, path, applied, log);
    this.switchover = new Switchover(path, applied, unfinished, wayBack, proof, log);
    this.resumption = new Resumption(state, path, applied, unfinished, switchover, log);
    this.rules = new RulesInForce(path, applied, unfinished, log);
    this.proof = proof;
    this.log = log;
  }

  /** What a report says of it at large: it follows from what else is reported with it. */
  enum Phase {
    /** No bundle has come to it yet, or it could not be made what the one in force says. */
    STARTING,
    /** A bundle is in force, or drains away. */
    RUNNING,
    /** The newest bundle was refused; the one before may be in force. */
    REJECTED,
    /** It was left: its dataplane was deleted. */
    REMOVED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What it is in now; its lock is held. */
  Phase phase() {
    if (refusals.last().isPresent()) {
      return Phase.REJECTED;
    }
    if (unfinished.lacksResume()) {
      return Phase.STARTING;
    }
    return applied.generation().isPresent() ? Phase.RUNNING : unoccupied;
  }

  /** The bundle in force. */
  Optional<Digest> applied() {
    return applied.digest();
  }

  /** The bundle that was refused after it, if one was. */
  Optional<Rejection> rejection() {
    return refusals.last();
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
    Optional<Generation> received = Optional.empty();
    try {
      // Not under the lock: a control plane that sends slowly must not keep Envoy from being
      // started anew meanwhile.
      Generation base = applied.generation().orElse(null);
      received = Optional.of(generations.receive(digest, pack, base, missing));
      long here = System.nanoTime();
      long confirmed;
      synchronized (this) {
        // A control plane that just sent a bundle can be reached.
        confirmed = switchover.to(received.get(), true);
        taken(digest);
      }
      log.info(
          "applied",
          DIGEST,
          digest,
          TOOK_MS,
          (System.nanoTime() - start) / 1_000_000,
          RECEIVED_MS,
          (here - start) / 1_000_000,
          SWITCH_MS,
          (confirmed - here) / 1_000_000,
          COMMANDS,
          Command.started() - commands);
      return true;
    } catch (RefusedException e) {
      Rejection rejection = refusals.of(digest, e.reason(), received);
      synchronized (this) {
        refused(rejection);
      }
      return false;
    }
  }

  private void taken(Digest digest) throws IOException {
    refusals.forget();
    generations.prune(digest);
  }

  private void refused(Rejection rejection) throws IOException {
    refusals.add(rejection);
    generations.prune(applied.digest().orElse(rejection.digest()));
  }

  /** Tries a bundle that was refused again if this host has changed since. */
  synchronized void reconsider() throws IOException {
    Optional<Rejection> last = refusals.last();
    if (last.isEmpty() || refusals.holds(last.get())) {
      return;
    }
    Digest digest = last.get().digest();
    Optional<Generation> bundle = generations.open(digest);
    if (bundle.isEmpty()) {
      refusals.drop();
      return;
    }
    log.info("reconsidered", DIGEST, digest);
    try {
      switchover.to(bundle.get(), proof.controlPlaneAnswers());
      taken(digest);
      log.info("applied", DIGEST, digest);
    } catch (RefusedException e) {
      refused(refusals.of(digest, e.reason(), bundle));
    }
  }

  /**
   * Makes the host what the generation in force says, after a start of the agent or of the host.
   * What fails is said, and tried again by {@link #tend}.
   */
  void resume() {
    resumption.attempt();
  }

  /** Does what is due by now, and starts Envoy anew if it died. */
  void tend() throws IOException, RefusedException {
    Optional<Generation> inForce = applied.generation();
    Envoy envoy = path.envoy();
    unfinished.tend();
    if (inForce.isPresent() && envoy.needsStart()) {
      log.warn("envoy-down", DIGEST, inForce.get().digest());
      envoy.switchTo(inForce.get(), inForce.get());
      log.info("envoy-started", PID, envoy.pid().map(String::valueOf).orElse("-"));
    }
    resumption.tend();
  }

  /**
   * The dataplane was deleted: nothing is captured any more, and Envoy begins to drain.
   *
   * @return how many seconds that may take; {@link #left} ends it
   */
  int leave() throws IOException, RefusedException {
    refusals.forget();
    Optional<Generation> leaving = applied.generation();
    Firewall firewall = path.firewall();
    if (leaving.isEmpty() && path.envoy().pid().isEmpty() && !firewall.engaged()) {
      return 0;
    }
    int drain = leaving.isPresent() ? leaving.get().settings().drainSeconds() : 0;
    path.guard().forget();
    unfinished.forget();
    if (firewall.engaged()) {
      firewall.release(false);
    }
    applied.name(Optional.empty());
    applied.inForce(Optional.empty());
    unoccupied = Phase.RUNNING;
    path.envoy().beginToDrain();
    return drain;
  }

  /** Whether all connections of a host that leaves have ended. */
  boolean isDrained() {
    return path.envoy().isDrained();
  }

  /** Removes what a host that leaves still had. */
  void left() throws IOException, RefusedException {
    if (path.exists()) {
      path.remove();
      unfinished.lingersNoMore();
      log.info("removed");
    }
    unoccupied = Phase.REMOVED;
  }

  /** The rules in force; they are asked and repaired under this host's lock. */
  GuardedRules rules() {
    return rules;
  }

  /** The mode in force. */
  Optional<Settings.Mode> mode() {
    return applied.settings().map(Settings::mode);
  }

  /** How the applications are probed, by the listener of their inbound. */
  SortedMap<String, ServiceProbe> probes() {
    return applied.settings().map(Settings::probes).orElseGet(Collections::emptySortedMap);
  }

  Envoy envoy() {
    return path.envoy();
  }
}
