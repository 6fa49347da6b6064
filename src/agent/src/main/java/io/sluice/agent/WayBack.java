package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.REASON;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.firewall.RuleSwitch;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Log;
import io.sluice.agent.watchdog.Watchdog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What leads from a switch that fails back to the generation before: this agent, or the watchdog if
 * the agent dies or takes too long. Not for several threads at once.
 */
final class WayBack {

  private final Path state;
  private final DataPath path;
  private final Applied applied;
  private final Log log;
  private Optional<Watchdog> former = Optional.empty();

  WayBack(Path state, DataPath path, Applied applied, Log log) {
    this.state = state;
    this.path = path;
    this.applied = applied;
    this.log = log;
  }

  /**
   * Keeps what leads back, and starts the watchdog that goes there unless it is told otherwise.
   *
   * @throws IOException if it can't be started; nothing has changed
   */
  Watchdog arm(Generation target, Optional<Generation> before, Optional<RuleSwitch> rules)
      throws IOException {
    Map<String, String> back = rules.map(RuleSwitch::wayBack).orElseGet(Map::of);
    Path folder = Watchdog.folder(state);
    // One that was told that all is well deletes its folder, and must not find the next one's
    // there.
    former.ifPresent(Watchdog::awaitEnd);
    try {
      Watchdog.prepare(state);
      if (before.isPresent()) {
        path.envoy().keepFiles(folder.resolve("live"), before.get(), target);
      }
      Watchdog armed = Watchdog.arm(state, path.firewall().loaders(), back);
      former = Optional.of(armed);
      return armed;
    } catch (IOException e) {
      HostFiles.deleteTree(folder);
      throw e;
    }
  }

  /**
   * Puts rules, resolver and Envoy back to what they were.
   *
   * @return whether that could be done
   */
  boolean go(Optional<Generation> before, Generation refused, Optional<RuleSwitch> rules) {
    // The watchdog may give files back, now or later.
    path.envoy().lookAgain();
    try {
      // A watchdog that has waited too long has started it.
      path.guard().stop();
      applied.name(before);
      if (rules.isPresent()) {
        rules.get().undo();
      }
      path.resolver().back();
      if (before.isPresent()) {
        envoyBack(before.get(), refused);
      } else {
        // Rules may stand that an agent put in which ended before it could note a generation:
        // without Envoy they would lead nowhere.
        path.remove();
      }
      return true;
    } catch (IOException | RefusedException | RuntimeException | Error e) {
      log.error("return-failed", REASON, e.toString());
      return false;
    }
  }

  private void envoyBack(Generation before, Generation refused)
      throws IOException, RefusedException {
    try {
      path.envoy().switchTo(before, refused);
      path.envoy().settle(before);
    } catch (IOException | RefusedException e) {
      log.warn("return-by-restart", REASON, String.valueOf(e.getMessage()));
      path.envoy().restart(before);
    }
  }
}
