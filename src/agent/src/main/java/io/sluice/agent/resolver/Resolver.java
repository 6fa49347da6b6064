package io.sluice.agent.resolver;

import static io.sluice.agent.host.Log.Key.COUNT;
import static io.sluice.agent.host.Log.Key.PID;
import static io.sluice.agent.host.Log.Key.PORT;
import static io.sluice.agent.host.Log.Key.REASON;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Log;
import io.sluice.agent.host.ProgramLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The resolver that captured questions are led to: started before they are, stopped when they are
 * not any more. It outlives the agent, and the next one adopts it.
 *
 * <p>A switch calls {@link #prepare} before its rules go in, {@link #prove} when they are in, and
 * ends with either {@link #confirm} or, after the old rules are in again, {@link #back}.
 */
public final class Resolver {

  private static final long TEND_MILLIS = 250;
  private static final int UPSTREAMS_EVERY = 4;
  private static final long START_NANOS = 5_000_000_000L;
  private static final int ANSWER_MILLIS = 1_000;
  private static final int PROOFS = 2;
  private static final int ASKED_IN_VAIN = 3;
  private static final long SHORT_LIFE_NANOS = 10_000_000_000L;
  private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 30_000_000_000L;

  private final Path folder;
  private final Dnsmasq program;
  private final Upstreams upstreams;
  private final Log log;
  private final Names names;
  private final ProgramLog said;
  private final List<ResolverProcess> processes = new ArrayList<>();
  private List<String> servers = List.of();
  private Optional<Plan> inForce;
  private Optional<Plan> prepared = Optional.empty();
  private boolean passedOn;
  private long startedAt = System.nanoTime() - LONGEST_PAUSE_NANOS;
  private long pauseNanos;
  private int askedInVain;

  /** The resolver of a state folder; one that runs already is adopted. */
  public Resolver(Path state, Dnsmasq program, Upstreams upstreams, Log log) throws IOException {
    this.folder = state.resolve("dns");
    this.program = program;
    this.upstreams = upstreams;
    this.log = log;
    this.names = new Names(folder);
    this.said = new ProgramLog(folder.resolve("resolver.log"));
    this.inForce = Plan.remembered(folder);
    processes.addAll(ResolverProcess.running(folder));
  }

  /** Why this host can't run it, with the remedy; empty if it can. */
  public Optional<String> lacking() throws IOException {
    return program.lacking();
  }

  /**
   * Refuses a bundle whose names are malformed, or whose questions nothing could answer here.
   * Nothing is changed.
   */
  public void check(Settings settings, Generation generation) throws IOException, RefusedException {
    if (Plan.of(settings, generation).isPresent()) {
      Optional<String> lacking = lacking();
      if (lacking.isPresent()) {
        throw new RefusedException("DNS can't be captured: " + lacking.get());
      }
    }
  }

  /**
   * Lets the resolver answer what a bundle says, where its rules will lead questions to. Where the
   * rules in force lead to, it goes on to answer.
   *
   * @throws RefusedException if it does not answer; the caller calls {@link #back}
   */
  public synchronized void prepare(Settings settings, Generation generation)
      throws IOException, RefusedException {
    prepared = Plan.of(settings, generation);
    passedOn = false;
    if (prepared.isPresent()) {
      Plan plan = prepared.get();
      serve(plan);
      // Proof needs a comparison only where nothing was captured before.
      passedOn = inForce.isEmpty() && Query.isPassedOn(plan.port(), ANSWER_MILLIS);
    }
  }

  /**
   * Refuses rules under which questions to the servers beyond are not answered any more, though
   * they were before: they would come back to the resolver.
   */
  public synchronized void prove() throws RefusedException {
    if (prepared.isEmpty() || !passedOn) {
      return;
    }
    for (int i = 0; i < PROOFS; i++) {
      if (Query.isPassedOn(prepared.get().port(), ANSWER_MILLIS)) {
        return;
      }
    }
    throw new RefusedException(
        "with DNS captured, the resolver gets no more answers from " + servers);
  }

  /** What was prepared is in force: ends what only older rules led to. */
  public synchronized void confirm() {
    inForce = prepared;
    prepared = Optional.empty();
    try {
      if (inForce.isPresent()) {
        inForce.get().remember(folder);
        endAllBut(inForce);
      } else {
        remove();
      }
    } catch (IOException e) {
      // The switch is over; what is left only takes up a little room until the next one.
      log.error("resolver-failed", REASON, String.valueOf(e.getMessage()));
    }
  }

  /** Answers again as before {@link #prepare}. */
  public synchronized void back() throws IOException, RefusedException {
    prepared = Optional.empty();
    if (inForce.isPresent()) {
      serve(inForce.get());
    }
    endAllBut(inForce);
  }

  /** Ends it and deletes its files; no rule leads to it any more. */
  public synchronized void remove() throws IOException {
    inForce = Optional.empty();
    prepared = Optional.empty();
    endAllBut(Optional.empty());
    HostFiles.deleteTree(folder);
  }

  /** Looks after it from now on: starts it anew when it dies, follows the host's servers. */
  public void watch() {
    Thread.ofPlatform().daemon().name("resolver").start(this::tend);
  }

  /** Its process, if there is one. */
  public synchronized Optional<Long> pid() {
    return processes.stream().filter(ResolverProcess::alive).map(ResolverProcess::pid).findFirst();
  }

  /** Whether questions are captured, so that it must answer. */
  public synchronized boolean isWanted() {
    return inForce.isPresent();
  }

  /** Whether it answers on the port that rules lead to. */
  public synchronized boolean isAnswering() {
    return inForce.isPresent() && Query.isAnswered(inForce.get().port(), ANSWER_MILLIS);
  }

  private void serve(Plan plan) throws IOException, RefusedException {
    List<String> found = upstreams.servers();
    if (!found.isEmpty()) {
      // A file that names nobody is being written, or the host is without a network.
      servers = found;
    }
    boolean changed = names.write(plan, servers);
    processes.removeIf(process -> !process.alive());
    for (ResolverProcess process : List.copyOf(processes)) {
      if (process.answersFor(plan)) {
        if (changed) {
          process.reload();
        }
        return;
      }
      if (process.port() == plan.port()) {
        process.end();
        processes.remove(process);
      }
    }
    start(plan);
  }

  private void start(Plan plan) throws IOException, RefusedException {
    ResolverProcess.endStrays(folder, plan.port());
    long from = said.size();
    ResolverProcess process = program.start(plan, folder, said);
    processes.add(process);
    startedAt = System.nanoTime();
    while (process.alive() && System.nanoTime() - startedAt < START_NANOS) {
      if (Query.isAnswered(plan.port(), 100)) {
        log.info("resolver-started", PID, process.pid(), PORT, plan.port());
        return;
      }
      ResolverProcess.pause();
    }
    process.end();
    processes.remove(process);
    throw new RefusedException("the resolver does not answer: " + complaint(from));
  }

  private String complaint(long from) {
    List<String> lines = said.after(from).lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "it does not say why" : lines.getLast().strip();
  }

  private void endAllBut(Optional<Plan> plan) throws IOException {
    for (ResolverProcess process : List.copyOf(processes)) {
      if (plan.isEmpty() || !process.answersFor(plan.get())) {
        process.end();
        processes.remove(process);
      }
    }
  }

  private void tend() {
    int round = 0;
    String failed = "";
    try {
      while (true) {
        Thread.sleep(TEND_MILLIS);
        try {
          revive();
          if (++round % UPSTREAMS_EVERY == 0) {
            follow();
            endIfSilent();
          }
          failed = "";
        } catch (IOException | RefusedException | RuntimeException | Error e) {
          String reason = String.valueOf(e.getMessage());
          if (!reason.equals(failed)) {
            log.error("resolver-failed", REASON, reason);
          }
          failed = reason;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts what died: at once if it had lived, else after a pause that grows. */
  private synchronized void revive() throws IOException, RefusedException {
    for (Plan plan : Stream.concat(inForce.stream(), prepared.stream()).toList()) {
      boolean lives = processes.stream().anyMatch(p -> p.port() == plan.port() && p.alive());
      if (lives || System.nanoTime() - startedAt < pauseNanos) {
        continue;
      }
      boolean shortLived = System.nanoTime() - startedAt < SHORT_LIFE_NANOS + pauseNanos;
      pauseNanos =
          shortLived
              ? Math.min(LONGEST_PAUSE_NANOS, Math.max(FIRST_PAUSE_NANOS, 2 * pauseNanos))
              : 0;
      log.warn("resolver-down", PORT, plan.port());
      serve(plan);
    }
  }

  /** One that lives and answers nobody is as good as dead: it is ended, so that it is revived. */
  private void endIfSilent() throws IOException {
    Optional<ResolverProcess> process = serving();
    // Not under the lock: a switch must not wait for an answer that does not come.
    if (process.isEmpty() || Query.isAnswered(process.get().port(), ANSWER_MILLIS)) {
      askedInVain = 0;
    } else if (++askedInVain == ASKED_IN_VAIN) {
      askedInVain = 0;
      log.warn("resolver-silent", PID, process.get().pid());
      process.get().kill();
    }
  }

  private synchronized Optional<ResolverProcess> serving() {
    return processes.stream()
        .filter(p -> inForce.isPresent() && p.port() == inForce.get().port() && p.alive())
        .findFirst();
  }

  private synchronized void follow() throws IOException {
    said.rotate();
    Optional<Plan> plan = prepared.or(() -> inForce);
    List<String> found = upstreams.servers();
    if (plan.isPresent() && !found.isEmpty() && !found.equals(servers)) {
      servers = found;
      if (names.write(plan.get(), servers)) {
        for (ResolverProcess process : processes) {
          process.reload();
        }
        log.info("resolver-servers", COUNT, servers.size());
      }
    }
  }
}
