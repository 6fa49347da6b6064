package io.sluice.agent.firewall;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.host.Command;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rules that the kernel has in this network namespace, told apart as ours, another agent's and
 * those of others. For several threads at once.
 */
final class KernelRules {

  private final Backend backend;
  private final String owner;
  private final OwnPrograms programs;
  private final RulesetGeneration generation = new RulesetGeneration();
  private final Map<IpFamily, Seen> seen = new ConcurrentHashMap<>();

  /** What the kernel told at a generation of its rules. */
  private record Seen(long generation, LiveRules rules) {}

  KernelRules(Backend backend, String owner) {
    this.backend = backend;
    this.owner = owner;
    this.programs = new OwnPrograms(backend);
  }

  Backend backend() {
    return backend;
  }

  /** The programs that this process starts itself. */
  RulePrograms programs() {
    return programs;
  }

  /** The families that the kernel has. */
  List<IpFamily> families() {
    return Loopback.hasIpv6() ? List.of(IpFamily.V4, IpFamily.V6) : List.of(IpFamily.V4);
  }

  /** What stands; asked anew unless the kernel says that nothing has changed since. */
  LiveRules live(IpFamily family) throws IOException {
    OptionalLong at = changes();
    Seen before = seen.get(family);
    if (before != null && at.equals(OptionalLong.of(before.generation))) {
      return before.rules;
    }
    LiveRules rules = LiveRules.parse(backend.show(family));
    if (at.isPresent() && at.equals(changes())) {
      seen.put(family, new Seen(at.getAsLong(), rules));
    } else {
      seen.remove(family);
    }
    return rules;
  }

  /** How often rules were changed in this network namespace; empty where nobody counts it. */
  OptionalLong changes() {
    return backend == Backend.NF_TABLES ? generation.now() : OptionalLong.empty();
  }

  /** Waits until so many transactions were made, or the program has ended. */
  void awaitChanges(OptionalLong from, int count, RulePrograms.Loading program) throws IOException {
    while (!program.isOver()) {
      OptionalLong now = changes();
      if (from.isEmpty() || now.isEmpty()) {
        program.result();
      } else if (now.getAsLong() - from.getAsLong() >= count) {
        return;
      } else {
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Loads a transaction, if it does anything.
   *
   * @throws IOException if the kernel does not take it
   */
  void load(IpFamily family, String transaction) throws IOException {
    if (!transaction.isEmpty()) {
      Command.Result result = programs.load(family, transaction).result();
      if (!result.ok()) {
        throw new IOException(backend.restore(family) + ": " + result.complaint());
      }
    }
  }

  /** Whether rules may be ours: they carry our mark, or none. */
  boolean areOurs(LiveRules live) {
    return live.owner().map(owner::equals).orElse(true);
  }

  /**
   * Refuses to go on where another agent's rules stand.
   *
   * @throws RefusedException with the remedy
   */
  void refuseAnother(LiveRules live) throws RefusedException {
    Optional<String> other = another(live);
    if (other.isPresent()) {
      throw new RefusedException(
          "another agent's rules stand in this network namespace (mark "
              + other.get()
              + ", ours is "
              + owner
              + "): one transparent dataplane a network namespace; to remove them run"
              + " sluice-agent uninstall there, or here with --force");
    }
  }

  private Optional<String> another(LiveRules live) {
    return live.owner().filter(mark -> !mark.equals(owner));
  }

  /** The mark of another agent whose rules stand here, if there is one. */
  Optional<String> otherOwner() throws IOException {
    for (IpFamily family : families()) {
      Optional<String> other = another(live(family));
      if (other.isPresent()) {
        return other;
      }
    }
    return Optional.empty();
  }

  /** Whether rules of ours, in whatever state, stand here. */
  boolean anyStands() throws IOException {
    for (IpFamily family : families()) {
      LiveRules live = live(family);
      if (!live.ours().isEmpty() && areOurs(live)) {
        return true;
      }
    }
    return false;
  }

  /** Whether rules of any agent of ours stand here. */
  boolean anyOfUs() throws IOException {
    for (IpFamily family : families()) {
      if (!live(family).ours().isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
