package io.sluice.rendering.iptables;

import io.sluice.rendering.settings.RedirectSettings;
import java.util.List;

/** The rule with which a chain begins when what comes into it is logged. */
final class LogRules {

  private LogRules() {}

  /** Nothing, unless logging is on. */
  static List<Rule> of(RedirectSettings.Log log, String prefix, Match... matches) {
    return log.enabled()
        ? List.of(
            new Rule(
                List.of(matches),
                new Target.Log(prefix, log.level()),
                "the kernel logs what comes here",
                Settings.LOG))
        : List.of();
  }
}
