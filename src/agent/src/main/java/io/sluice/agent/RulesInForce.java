package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.COUNT;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.drift.GuardedRules;
import io.sluice.agent.firewall.Deviation;
import io.sluice.agent.host.Log;
import io.sluice.agent.watchdog.Guard;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The rules of the generation in force, told apart from what the guard does to their jumps. */
final class RulesInForce implements GuardedRules {

  private final DataPath path;
  private final Guard guard;
  private final Applied applied;
  private final Unfinished unfinished;
  private final Log log;

  RulesInForce(DataPath path, Applied applied, Unfinished unfinished, Log log) {
    this.path = path;
    this.guard = path.guard();
    this.applied = applied;
    this.unfinished = unfinished;
    this.log = log;
  }

  @Override
  public List<Deviation> deviations() throws IOException {
    if (applied.generation().isEmpty() || !path.firewall().engaged() || guard.isOut()) {
      return List.of();
    }
    List<Deviation> found = path.firewall().deviations();
    // The guard may have taken jumps out just now, which is no drift.
    return guard.isOut() ? List.of() : found;
  }

  @Override
  public long seenAt() {
    return path.firewall().seenAt();
  }

  @Override
  public boolean shallStand() {
    return applied.settings().map(s -> s.drift() == Settings.Drift.REPAIR).orElse(false);
  }

  @Override
  public boolean repair() throws IOException, RefusedException {
    Optional<Generation> inForce = applied.generation();
    if (inForce.isEmpty()) {
      return false;
    }
    WantedRules wanted = WantedRules.of(inForce.get());
    // What it takes out between our look and our change would come back twice.
    guard.stop();
    try {
      if (guard.isOut() || !path.envoy().isLive()) {
        return false;
      }
      int changed = wanted.plan(path.firewall()).install();
      log.warn("rules-repaired", COUNT, changed);
      return true;
    } finally {
      unfinished.startGuard();
    }
  }
}
