package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.DIGEST;
import static io.sluice.agent.host.Log.Key.PID;
import static io.sluice.agent.host.Log.Key.REASON;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.host.Log;
import io.sluice.agent.protocol.Backoff;
import io.sluice.agent.watchdog.Watchdog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes a host what the generation in force says, after a start of the agent or of the host. That
 * generation can neither be refused nor be left, so what fails is tried again, until it or another
 * bundle succeeds. Not for several threads at once.
 */
final class Resumption {

  private final Path state;
  private final DataPath path;
  private final Applied applied;
  private final Unfinished unfinished;
  private final Switchover switchover;
  private final Log log;
  private final Backoff pause = new Backoff(RandomGenerator.getDefault());
  private long next;
  private String said = "";

  Resumption(
      Path state,
      DataPath path,
      Applied applied,
      Unfinished unfinished,
      Switchover switchover,
      Log log) {
    this.state = state;
    this.path = path;
    this.applied = applied;
    this.unfinished = unfinished;
    this.switchover = switchover;
    this.log = log;
  }

  /** Does it now; what fails is said once. */
  void attempt() {
    try {
      Watchdog.settle(state);
      Optional<Generation> inForce = applied.generation();
      if (inForce.isPresent()) {
        resume(inForce.get());
      } else {
        removeLeftovers();
      }
      unfinished.resumed();
    } catch (IOException | RefusedException | RuntimeException | Error e) {
      unfinished.notResumed();
      next = System.nanoTime() + pause.next() * 1_000_000;
      String reason = e instanceof RefusedException refused ? refused.reason() : e.toString();
      if (!reason.equals(said)) {
        log.error("resume-failed", REASON, reason);
      }
      said = reason;
    }
  }

  /** Does it if it has failed and is due again. */
  void tend() {
    if (unfinished.lacksResume() && System.nanoTime() - next >= 0) {
      attempt();
    }
  }

  private void resume(Generation inForce) throws IOException, RefusedException {
    boolean adopted = !path.envoy().needsStart();
    switchover.to(inForce, false);
    log.info(
        adopted ? "envoy-adopted" : "envoy-started",
        PID,
        path.envoy().pid().map(String::valueOf).orElse("-"),
        DIGEST,
        inForce.digest());
  }

  /**
   * Rules that no generation vouches for, left by an agent that ended in its first switch, and the
   * guard that would move their jumps.
   */
  private void removeLeftovers() throws IOException, RefusedException {
    if (Applied.named(state).isPresent()) {
      return;
    }
    path.guard().forget();
    Firewall firewall = path.firewall();
    if (firewall.engaged() && firewall.anyStands()) {
      firewall.remove(false);
    }
  }
}
