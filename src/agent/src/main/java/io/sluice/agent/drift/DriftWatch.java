package io.sluice.agent.drift;

import static io.sluice.agent.host.Log.Key.AGAIN_IN;
import static io.sluice.agent.host.Log.Key.BY;
import static io.sluice.agent.host.Log.Key.REASON;
import static io.sluice.agent.host.Log.Key.WHAT;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.firewall.Backend;
import io.sluice.agent.firewall.Deviation;
import io.sluice.agent.host.Log;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Watches our rules. Where nf_tables tells of changes it looks when there are some, else every few
 * seconds.
 */
public final class DriftWatch {

  /** A transaction seldom comes alone; what comes within this time is looked at once. */
  private static final long GATHER_MILLIS = 50;

  /** With events only for the case that one was lost. */
  private static final long LOOK_MILLIS = 60_000;

  private static final long LOOK_WITHOUT_EVENTS_MILLIS = 10_000;
  private static final long BETWEEN_LOOKS_MILLIS = 400;

  private final GuardedRules rules;
  private final Object lock;
  private final Backend backend;
  private final Runnable changed;
  private final Log log;
  private final RuleEvents events = new RuleEvents();
  private final Damping damping = new Damping();
  private Map<String, String> status = Map.of();
  private List<Deviation> standing = List.of();
  private int count;
  private long retryAt;

  /**
   * A watch over rules.
   *
   * @param lock held while they are looked at and put back
   * @param changed told after every change of {@link #status}, and whenever somebody changed rules
   */
  public DriftWatch(GuardedRules rules, Object lock, Backend backend, Runnable changed, Log log) {
    this.rules = rules;
    this.lock = lock;
    this.backend = backend;
    this.changed = changed;
    this.log = log;
  }

  /** The last drift in the words of docs/agent-protocol.md; empty if there was none. */
  public synchronized Map<String, String> status() {
    return status;
  }

  /** Watches until the thread is interrupted. */
  public void run() {
    boolean telling = backend == Backend.NF_TABLES && RuleEvents.available();
    if (telling) {
      Thread.ofPlatform().daemon().name("rule-events").start(events::run);
    }
    String failure = "";
    try {
      while (true) {
        if (events.await(pause())) {
          Thread.sleep(GATHER_MILLIS);
        }
        try {
          look(events.take());
          failure = "";
        } catch (IOException | RefusedException | RuntimeException | Error e) {
          if (!failure.equals(e.toString())) {
            log.error("drift-watch-failed", REASON, e.toString());
          }
          failure = e.toString();
        }
        Thread.sleep(BETWEEN_LOOKS_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long pause() {
    long most = events.listening() ? LOOK_MILLIS : LOOK_WITHOUT_EVENTS_MILLIS;
    if (standing.isEmpty() || retryAt == 0) {
      return most;
    }
    return Math.clamp((retryAt - System.nanoTime()) / 1_000_000, 1, most);
  }

  private void look(RuleEvents.Seen seen) throws IOException, RefusedException {
    synchronized (lock) {
      // Our own changes are among those told; the kernel was asked after them.
      if (seen.touched() && seen.nanos() <= rules.seenAt()) {
        return;
      }
      List<Deviation> now = rules.deviations();
      if (now.isEmpty()) {
        over();
      } else {
        if (!now.equals(standing)) {
          begun(now, by(seen));
        }
        standing = now;
        settle();
      }
    }
    if (seen.touched()) {
      changed.run();
    }
  }

  private void over() {
    if (!standing.isEmpty()) {
      standing = List.of();
      retryAt = 0;
      log.info("drift-over");
      tell("state", "over");
    }
  }

  private void begun(List<Deviation> now, String by) {
    count++;
    String what = Difference.of(now);
    log.warn("rules-drifted", WHAT, what, BY, by);
    tell(
        "at",
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        "what",
        what,
        "by",
        by,
        "count",
        Integer.toString(count),
        "state",
        "standing");
  }

  private void settle() throws IOException, RefusedException {
    retryAt = 0;
    if (!rules.shallStand()) {
      return;
    }
    long now = System.nanoTime();
    long wait = damping.due(now);
    if (wait > 0) {
      retryAt = now + wait;
      if (damping.fighting(now)) {
        log.warn("rules-fought-over", AGAIN_IN, damping.delaySeconds());
        tell("state", "fighting");
      }
    } else if (rules.repair()) {
      damping.repaired(now);
      standing = List.of();
      tell("state", damping.fighting(now) ? "fighting" : "repaired");
    } else {
      // Envoy does not listen; what starts it anew is looked for soon.
      retryAt = now + 1_000_000_000L;
    }
  }

  private String by(RuleEvents.Seen seen) {
    if (!seen.programs().isEmpty()) {
      return String.join(", ", seen.programs());
    }
    return backend == Backend.LEGACY ? "unknown: iptables-legacy does not tell" : "unknown";
  }

  private void tell(String... pairs) {
    synchronized (this) {
      TreeMap<String, String> all = new TreeMap<>(status);
      for (int i = 0; i < pairs.length; i += 2) {
        all.put("drift." + pairs[i], pairs[i + 1]);
      }
      status = all;
    }
    changed.run();
  }
}
