package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.AGAIN_IN;
import static io.sluice.agent.host.Log.Key.DIGEST;
import static io.sluice.agent.host.Log.Key.REASON;
import static io.sluice.agent.host.Log.Key.REVISION;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.UnfitDifferenceException;
import io.sluice.agent.drift.DriftWatch;
import io.sluice.agent.firewall.Backend;
import io.sluice.agent.host.Log;
import io.sluice.agent.protocol.Backoff;
import io.sluice.agent.protocol.ControlPlane;
import io.sluice.agent.protocol.ControlPlane.Registration;
import io.sluice.agent.protocol.Poll;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/** Polls, lets the host change, reports; and looks after Envoy and the rules in between. */
final class Agent {

  private static final int WAIT_SECONDS = 50;
  private static final long NOTHING_MILLIS = 2_000;
  private static final long TEND_MILLIS = 1_000;
  private static final int FACTS_WANTED = 5;
  private static final long FACTS_MILLIS = 1_000;
  private static final int RECONSIDER_EVERY = 5;
  private static final long DRAIN_MILLIS = 100;
  private static final long REGISTERED_NANOS = 30_000_000_000L;
  private static final long GARBAGE_BYTES = 2L << 20;

  private final ControlPlane controlPlane;
  private final OwnDataplane own;
  private final Host host;
  private final Backend backend;
  private final Reporter reporter;
  private final FactsSender facts;
  private final Log log;
  private final DriftWatch drift;
  private final Health health;
  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
  private String unavailable = "";
  private volatile boolean stopping;
  private final CountDownLatch saidGoodbye = new CountDownLatch(1);
  private long trustedUntil = System.nanoTime();
  private boolean differences = true;
  private long heap = Runtime.getRuntime().totalMemory();

  Agent(
      ControlPlane controlPlane,
      OwnDataplane own,
      Host host,
      Backend backend,
      Reporter reporter,
      FactsSender facts,
      Log log)
      throws IOException {
    this.controlPlane = controlPlane;
    this.own = own;
    this.host = host;
    this.backend = backend;
    this.reporter = reporter;
    this.facts = facts;
    this.log = log;
    this.drift = new DriftWatch(host.rules(), host, backend, this::rulesChanged, log);
    this.health = new Health(reporter, log);
  }

  /** What one poll ended with. */
  enum Outcome {
    /** A new bundle is in force, or nothing has changed. */
    CURRENT,
    /** The bundle was refused. */
    REFUSED,
    /** The dataplane does not exist (any more). */
    NOTHING,
    /** The control plane, or this host, could not do it now. */
    UNAVAILABLE
  }

  /** Begins to look after the host, whatever the control plane does. */
  void watch() {
    Thread.ofPlatform().daemon().name("reporter").start(reporter::run);
    Thread.ofPlatform().daemon().name("facts").start(facts::run);
    Thread.ofPlatform().daemon().name("drift").start(drift::run);
    Thread.ofPlatform().daemon().name("tender").start(this::tend);
    Thread.ofPlatform().daemon().name("probes").start(health::run);
  }

  /** This agent's own Dataplane was taken: one that was deleted before is there again. */
  void registered() {
    trustedUntil = System.nanoTime() + REGISTERED_NANOS;
  }

  /** Says that the agent ends; the host stays as it is, whatever the control plane answers. */
  void goodbye() {
    stopping = true;
    try {
      health.goodbye();
    } finally {
      saidGoodbye.countDown();
    }
  }

  /** Polls until the thread is interrupted, or goodbye has been said. */
  void run() {
    try {
      while (!stopping && !Thread.currentThread().isInterrupted()) {
        // What was lost and is back shall show at once, also if it is as it was.
        Outcome outcome = guarded(own.isLost() ? 0 : WAIT_SECONDS);
        if (!stopping) {
          rest(outcome);
        }
      }
      if (stopping) {
        // Who returns from here closes the connection that it is said over.
        saidGoodbye.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes the host what it was told before, if it was. */
  void resume() {
    synchronized (host) {
      host.resume();
      report();
    }
  }

  private void rest(Outcome outcome) throws InterruptedException {
    switch (outcome) {
      case CURRENT, REFUSED -> backoff.reset();
      case NOTHING -> {
        backoff.reset();
        Thread.sleep(NOTHING_MILLIS);
      }
      case UNAVAILABLE -> {
        long millis = backoff.next();
        log.info("waiting", AGAIN_IN, Math.max(1, millis / 1000));
        Thread.sleep(millis);
      }
    }
  }

  /** One poll that never ends the loop in silence. */
  Outcome guarded(int waitSeconds) {
    try {
      return once(waitSeconds);
    } catch (IOException | RefusedException e) {
      log.error("apply-failed", REASON, String.valueOf(e.getMessage()));
      return Outcome.UNAVAILABLE;
    } catch (RuntimeException | Error e) {
      // Whatever it is (a jar replaced under us, say), the host must not be left without an agent.
      log.error("unexpected", REASON, e + " at " + firstFrame(e));
      return Outcome.UNAVAILABLE;
    }
  }

  private static String firstFrame(Throwable e) {
    return e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0].toString();
  }

  private Outcome once(int waitSeconds) throws IOException, RefusedException {
    Poll poll = ask(waitSeconds);
    if (poll instanceof Poll.Changed || poll instanceof Poll.Unchanged) {
      answered();
    }
    return switch (poll) {
      // Nobody would be there to finish the switch.
      case Poll.Changed changed -> stopping ? Outcome.NOTHING : changed(changed);
      case Poll.Unchanged() -> reported(unchanged());
      case Poll.Absent() -> {
        remark("no such dataplane yet");
        yield Outcome.NOTHING;
      }
      case Poll.Gone(Poll.Deletion by) -> gone(by);
      case Poll.FactsWanted() -> {
        remark("the control plane keeps asking for this host's facts");
        yield Outcome.UNAVAILABLE;
      }
      case Poll.Unavailable(String reason, int seconds) -> {
        remark(reason);
        yield Outcome.UNAVAILABLE;
      }
    };
  }

  /** The dataplane is there, and the control plane says so. */
  private void answered() throws IOException {
    own.settled();
    if (!unavailable.isEmpty()) {
      unavailable = "";
      log.info("control-plane-answers");
    }
  }

  /**
   * What was deleted with this agent's own goodbye, or not yet seen by every replica since it was
   * registered again, is no reason to leave; nor is what no operator has deleted.
   */
  private Outcome gone(Poll.Deletion by) throws IOException, RefusedException {
    if (stopping || System.nanoTime() - trustedUntil < 0) {
      remark("the dataplane that was registered is not there yet");
      return Outcome.NOTHING;
    }
    return switch (by) {
      case OPERATOR -> {
        own.settled();
        leave();
        yield reported(Outcome.NOTHING);
      }
      case COLLECTION, GOODBYE -> lost(by);
    };
  }

  /** Who may, registers it again; meanwhile, and for ever where nobody may, the host stays so. */
  private Outcome lost(Poll.Deletion by) throws IOException {
    Optional<Registration> again = own.register(controlPlane);
    if (again.isEmpty()) {
      own.lost(by);
      remark(
          "dataplane-lost",
          OwnDataplane.lack(by) + "; this host keeps what it has: " + OwnDataplane.REMEDY);
      return Outcome.NOTHING;
    }
    return switch (again.get()) {
      case Registration.Taken() -> {
        log.info("registered-again", REASON, OwnDataplane.lack(by));
        registered();
        yield Outcome.NOTHING;
      }
      case Registration.Refused(String reason) -> {
        own.lost(by);
        remark(
            "dataplane-lost",
            OwnDataplane.lack(by) + ", and registering it again was refused: " + reason);
        yield Outcome.UNAVAILABLE;
      }
      case Registration.Unavailable(String reason) -> {
        remark(reason);
        yield Outcome.UNAVAILABLE;
      }
    };
  }

  /** One poll, with the facts sent whenever the control plane wants them first. */
  private Poll ask(int waitSeconds) throws IOException {
    Poll poll = poll(waitSeconds, Optional.of(facts.newest().digest()));
    for (int again = 0; poll instanceof Poll.FactsWanted && again < FACTS_WANTED; again++) {
      if (again > 0 && !slept(FACTS_MILLIS)) {
        break;
      }
      try {
        facts.send();
      } catch (IOException e) {
        // Without them is better than without a bundle: so does a control plane take older agents.
        log.warn("facts-failed", REASON, String.valueOf(e.getMessage()));
        return poll(waitSeconds, Optional.empty());
      }
      poll = poll(waitSeconds, Optional.of(facts.newest().digest()));
    }
    return poll;
  }

  private Poll poll(int waitSeconds, Optional<String> known) {
    Optional<Digest> applied = host.applied();
    return controlPlane.poll(
        applied,
        host.rejection().map(Rejection::digest),
        known,
        applied.isPresent() && differences,
        waitSeconds);
  }

  private static boolean slept(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The host is tended meanwhile: to drain may take minutes. */
  private void leave() throws IOException, RefusedException {
    int seconds;
    synchronized (host) {
      seconds = host.leave();
    }
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end && !host.isDrained()) {
      try {
        Thread.sleep(DRAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        end = System.nanoTime();
      }
    }
    synchronized (host) {
      host.left();
    }
  }

  private Outcome changed(Poll.Changed changed) throws IOException, RefusedException {
    log.info("received", DIGEST, changed.digest(), REVISION, changed.revision());
    boolean applied;
    try {
      applied = host.receive(changed.digest(), changed.pack(), controlPlane::file);
      differences = true;
    } catch (UnfitDifferenceException e) {
      if (!differences) {
        throw e;
      }
      log.warn(
          "difference-unfit", DIGEST, changed.digest(), REASON, String.valueOf(e.getMessage()));
      differences = false;
      return once(0);
    }
    return reported(applied ? Outcome.CURRENT : Outcome.REFUSED);
  }

  /**
   * Collects what bundles have left when the heap has grown by it: Java by itself would let it grow
   * to the most that it may have before it looks at what is old.
   */
  private void giveBack() {
    Runtime runtime = Runtime.getRuntime();
    if (runtime.totalMemory() > heap + GARBAGE_BYTES) {
      System.gc();
      heap = runtime.totalMemory();
    }
  }

  private Outcome unchanged() {
    return host.rejection().isPresent() ? Outcome.REFUSED : Outcome.CURRENT;
  }

  private Outcome reported(Outcome outcome) {
    synchronized (host) {
      report();
    }
    return outcome;
  }

  private void rulesChanged() {
    facts.rulesMayHaveChanged();
    synchronized (host) {
      report();
    }
  }

  private void report() {
    Map<String, String> values = Status.of(host, backend);
    values.putAll(drift.status());
    health.report(values, host.probes());
  }

  private void remark(String reason) {
    remark("control-plane-unavailable", reason);
  }

  private void remark(String event, String reason) {
    if (!reason.equals(unavailable)) {
      log.warn(event, REASON, reason);
    }
    unavailable = reason;
  }

  private void tend() {
    Backoff pause = new Backoff(RandomGenerator.getDefault());
    int round = 0;
    try {
      while (true) {
        Thread.sleep(TEND_MILLIS);
        try {
          synchronized (host) {
            if (host.applied().isPresent() && host.envoy().pid().isEmpty()) {
              // Before it is started again: others shall not dial it meanwhile.
              report();
            }
            host.tend();
            if (++round % RECONSIDER_EVERY == 0) {
              host.reconsider();
            }
            report();
          }
          giveBack();
          pause.reset();
        } catch (IOException | RefusedException | RuntimeException | Error e) {
          log.error("tend-failed", REASON, e.toString());
          Thread.sleep(pause.next());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
