package io.sluice.agent.envoy;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The proxy of this host: started, adopted, switched and stopped. It outlives the agent. */
public final class Envoy {

  private static final long TAKE_SECONDS = 15;
  private static final long START_SECONDS = 30;

  private final Path state;
  private final EnvoyLauncher launcher;
  private final AdminSocket admin;
  private final LiveFolder live;
  private final EndpointShift shift;
  private final EnvoyLog log;
  private Optional<EnvoyProcess> process;

  /** The proxy of a state folder; one that runs already is adopted. */
  public Envoy(EnvoyLauncher launcher) throws IOException {
    this.state = launcher.state();
    this.launcher = launcher;
    this.admin = new AdminSocket(state);
    this.live = new LiveFolder(state);
    this.shift = new EndpointShift(live, admin);
    this.log = new EnvoyLog(state);
    this.process = EnvoyProcess.ofFolder(state);
  }

  /** Its process, if there is one. */
  public Optional<Long> pid() {
    return process.filter(EnvoyProcess::alive).map(EnvoyProcess::pid);
  }

  /** The version that runs. */
  public Optional<String> version() {
    return process.filter(EnvoyProcess::alive).map(EnvoyProcess::version);
  }

  /** Whether it runs and its workers accept connections. */
  public boolean isLive() {
    try {
      return process.isPresent() && process.get().alive() && admin.ready();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether nothing of a bundle changes for it but the endpoints of clusters that it has, and
   * nothing for others but settings.
   *
   * @param changes by path
   */
  public static boolean isShift(Generation before, SortedMap<String, Optional<Digest>> changes) {
    return changes.entrySet().stream()
        .allMatch(
            change ->
                change.getValue().isPresent()
                    && before.tree().file(change.getKey()).isPresent()
                    && (ResourceKind.ENDPOINTS.has(change.getKey())
                        || change.getKey().equals("agent.properties")));
  }

  /**
   * Gives it other endpoints for clusters that it has, and waits until it has taken them.
   *
   * @param paths of the files in which the two generations differ
   * @return whether it could be done so; nothing has changed otherwise
   * @throws RefusedException if Envoy refuses; the caller switches back
   */
  public boolean shift(Generation before, Generation target, Collection<String> paths)
      throws IOException, RefusedException {
    return isLive()
        && EnvoyProcess.remembered(state).equals(process)
        && shift.make(
            before,
            target,
            paths.stream().filter(ResourceKind.ENDPOINTS::has).toList(),
            () -> process.map(EnvoyProcess::alive).orElse(false));
  }

  /**
   * Makes it serve a generation, and waits until it does.
   *
   * @param previous what it served before, if anything
   * @throws RefusedException if Envoy refuses; the caller switches back
   */
  public void switchTo(Generation target, @Nullable Generation previous)
      throws IOException, RefusedException {
    switchTo(target, previous, false);
  }

  /**
   * Ends what {@link #switchTo(Generation, Generation, boolean)} kept: the way back, and listeners
   * for rules that led there.
   */
  public void settle(Generation target) throws IOException, RefusedException {
    switchTo(target, target, false);
    long said = log.size();
    clusters(clusters(target), stats(), said);
    live.pruneEndpoints(target);
  }

  /**
   * Keeps the files that a switch from one generation to another replaces.
   *
   * @param into a new folder
   */
  public void keepFiles(Path into, Generation before, Generation target) throws IOException {
    live.keep(into, before, target);
  }

  /**
   * Makes it serve a generation, and waits until it does. Clusters and endpoints that only the
   * previous one has stay until {@link #settle}.
   *
   * @param previous what it served before, if anything
   * @param keeping whether it goes on to listen where it did, for rules that still lead there
   */
  public void switchTo(Generation target, @Nullable Generation previous, boolean keeping)
      throws IOException, RefusedException {
    Settings settings = target.settings();
    byte[] bootstrap = target.read("envoy/bootstrap.json");
    String digest = Digest.of(bootstrap).hex();
    if (process.isEmpty() || !process.get().alive()) {
      writeAll(target);
      start(Optional.empty(), bootstrap, digest, settings, target);
      return;
    }
    EnvoyProcess running = process.get();
    if (!EnvoyProcess.remembered(state).equals(process)) {
      running.remember(state);
      awaitAnswer(running);
    }
    if (!launcher.runsAs(running, settings.proxyUser())) {
      // Two users can share neither ports nor memory: one ends before the other begins.
      writeAll(target);
      stop(0);
      start(Optional.empty(), bootstrap, digest, settings, target);
      return;
    }
    boolean anew =
        !running.bootstrap().equals(digest) || running.drainSeconds() != settings.drainSeconds();
    files(target, previous, keeping && !anew);
    if (anew) {
      clusters(clusters(target), stats(), log.size());
      live.pruneEndpoints(target);
      Path beside = state.resolve("bootstrap.new.json");
      HostFiles.replace(beside, new String(bootstrap, StandardCharsets.UTF_8));
      try {
        launcher.validate(beside, settings.proxyUser());
      } finally {
        Files.deleteIfExists(beside);
      }
      start(process, bootstrap, digest, settings, target);
    }
  }

  /** One that was found while it started need not answer yet. */
  private void awaitAnswer(EnvoyProcess running) {
    long end = System.nanoTime() + START_SECONDS * 1_000_000_000L;
    while (running.alive() && !isLive() && System.nanoTime() < end) {
      EnvoyLauncher.pause();
    }
  }

  /** Ends it and starts it with a generation; it goes on if that can't even be written. */
  public void restart(Generation target) throws IOException, RefusedException {
    writeAll(target);
    stop(0);
    switchTo(target, target);
  }

  private void writeAll(Generation target) throws IOException, RefusedException {
    live.forget();
    live.writeEndpoints(target, launcher.uid(target.settings().proxyUser()));
    live.write("cds.json", clusters(target));
    live.write("lds.json", listeners(target));
    live.pruneEndpoints(target);
  }

  /** Somebody else may have changed the files that it reads. */
  public void lookAgain() {
    live.forget();
  }

  /** New clusters and endpoints, then listeners; what is removed goes later. */
  private void files(Generation target, @Nullable Generation previous, boolean keeping)
      throws IOException, RefusedException {
    shift.forget();
    Stats before = stats();
    long said = log.size();
    int changed = live.writeEndpoints(target, launcher.uid(target.settings().proxyUser()));
    if (changed > 0) {
      await(
          said,
          "endpoints",
          now -> now.endpointsTaken() >= before.endpointsTaken() + changed,
          now -> now.endpointsRefused() > before.endpointsRefused());
    }
    LiveFolder.Resources united = new LiveFolder.Resources();
    if (previous != null) {
      united.add(previous, ResourceKind.CLUSTER);
    }
    boolean newClusters = clusters(united.add(target, ResourceKind.CLUSTER), before, said);
    LiveFolder.Resources listeners = new LiveFolder.Resources();
    if (keeping && previous != null) {
      listeners.add(previous, ResourceKind.LISTENER);
    }
    listeners.add(target, ResourceKind.LISTENER);
    if (live.write("lds.json", listeners)) {
      await(
          said,
          "listeners",
          now ->
              now.listenersTaken() > before.listenersTaken()
                  && now.listenersVersion().equals(listeners.version()),
          now -> now.listenersRefused() > before.listenersRefused());
    }
    // Those of new clusters are not waited for.
    if (newClusters && stats().endpointsRefused() > before.endpointsRefused()) {
      throw new RefusedException("Envoy refuses endpoints: " + log.complaint(said));
    }
  }

  /** Whether they are others than before. */
  private boolean clusters(LiveFolder.Resources clusters, Stats before, long said)
      throws IOException, RefusedException {
    if (!live.write("cds.json", clusters)) {
      return false;
    }
    await(
        said,
        "clusters",
        now ->
            now.clustersTaken() > before.clustersTaken()
                && now.clustersVersion().equals(clusters.version()),
        now -> now.clustersRefused() > before.clustersRefused());
    return true;
  }

  private static LiveFolder.Resources clusters(Generation target) {
    return new LiveFolder.Resources().add(target, ResourceKind.CLUSTER);
  }

  private static LiveFolder.Resources listeners(Generation target) {
    return new LiveFolder.Resources().add(target, ResourceKind.LISTENER);
  }

  private void start(
      Optional<EnvoyProcess> before,
      byte[] bootstrap,
      String digest,
      Settings settings,
      Generation target)
      throws IOException, RefusedException {
    HostFiles.replace(
        state.resolve("bootstrap.json"), new String(bootstrap, StandardCharsets.UTF_8));
    long said = log.size();
    if (before.isEmpty() && process.isPresent()) {
      Files.deleteIfExists(process.get().sharedMemory());
    }
    EnvoyProcess started =
        launcher.start(before, digest, settings.proxyUser(), settings.drainSeconds());
    process = Optional.of(started);
    shift.forget();
    try {
      started.remember(state);
    } catch (IOException e) {
      // The disk is full: the next agent finds it by its command line.
    }
    String clusters = clusters(target).version();
    String listeners = listeners(target).version();
    long end = System.nanoTime() + START_SECONDS * 1_000_000_000L;
    while (System.nanoTime() < end) {
      if (!started.alive()) {
        throw new RefusedException("Envoy ended while it started: " + log.complaint(said));
      }
      Optional<Stats> now = statsOfNew(before);
      if (now.isPresent() && now.get().working()) {
        Stats stats = now.get();
        if (stats.listenersRefused() > 0 || stats.clustersRefused() > 0) {
          throw new RefusedException("Envoy refuses configuration: " + log.complaint(said));
        }
        if (stats.clustersVersion().equals(clusters)
            && stats.listenersVersion().equals(listeners)) {
          return;
        }
      }
      EnvoyLauncher.pause();
    }
    throw new RefusedException("Envoy does not serve within " + START_SECONDS + " s");
  }

  /** While two Envoys exist, the new one answers as soon as it has taken the socket over. */
  private Optional<Stats> statsOfNew(Optional<EnvoyProcess> before) {
    try {
      if (before.isPresent() && admin.epoch() <= before.get().epoch()) {
        return Optional.empty();
      }
      return Optional.of(stats());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void await(long said, String what, Predicate<Stats> taken, Predicate<Stats> refused)
      throws IOException, RefusedException {
    long end = System.nanoTime() + TAKE_SECONDS * 1_000_000_000L;
    while (System.nanoTime() < end) {
      Stats now;
      try {
        now = stats();
      } catch (IOException e) {
        if (process.isEmpty() || !process.get().alive()) {
          throw new RefusedException(
              "Envoy ended when it was given " + what + ": " + log.complaint(said));
        }
        throw e;
      }
      if (refused.test(now)) {
        throw new RefusedException("Envoy refuses " + what + ": " + log.complaint(said));
      }
      if (taken.test(now)) {
        return;
      }
      EnvoyLauncher.pause();
    }
    throw new RefusedException("Envoy does not take " + what + " within " + TAKE_SECONDS + " s");
  }

  private Stats stats() throws IOException {
    return new Stats(admin.stats());
  }

  /** Whether it died, and keeps its log within bounds. */
  public boolean needsStart() throws IOException {
    log.rotate();
    return process.isEmpty() || !process.get().alive();
  }

  /** Stops it after its connections have finished, or the drain time is over. */
  public void stop(int drainSeconds) throws IOException {
    if (process.isPresent() && process.get().alive()) {
      EnvoyProcess running = process.get();
      if (drainSeconds > 0) {
        drain(drainSeconds);
      }
      Processes.signal(running.pid(), "TERM");
      long end = System.nanoTime() + 5_000_000_000L;
      while (running.alive() && System.nanoTime() < end) {
        EnvoyLauncher.pause();
      }
      if (running.alive()) {
        Processes.signal(running.pid(), "KILL");
      }
    }
    if (process.isPresent()) {
      Files.deleteIfExists(process.get().sharedMemory());
    }
    process = Optional.empty();
    // Also what drains after a hot restart: it waits for the word of a successor that is gone.
    launcher.endStrays();
    EnvoyProcess.forget(state);
    Files.deleteIfExists(state.resolve(AdminSocket.PATH));
  }

  /** Lets it take no more connections, and close those that clients keep open. */
  public void beginToDrain() {
    try {
      admin.drain();
    } catch (IOException e) {
      // It does not answer: there is nothing to drain.
    }
  }

  /** Whether it has no connection of a client any more. */
  public boolean isDrained() {
    try {
      return process.isEmpty() || !process.get().alive() || admin.connections() == 0;
    } catch (IOException e) {
      return true;
    }
  }

  private void drain(int seconds) {
    try {
      admin.drain();
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      while (System.nanoTime() < end && admin.connections() > 0) {
        Thread.sleep(100);
      }
    } catch (IOException e) {
      // It does not answer: there is nobody to wait for.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes what it watches and began with. */
  public void forgetConfiguration() throws IOException {
    HostFiles.deleteTree(state.resolve("live"));
    Files.deleteIfExists(state.resolve("bootstrap.json"));
  }
}
