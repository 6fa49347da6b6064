package io.sluice.rendering.iptables;

import static io.sluice.rendering.iptables.Chain.PREROUTING;
import static io.sluice.rendering.iptables.Chain.SLUICE_INVALID;

import io.sluice.rendering.settings.RedirectSettings;
import java.util.List;

/** Drops packets that belong to no connection before they meet an application. */
final class InvalidPacketRules {

  private static final Match INVALID = new Match.Invalid();

  private InvalidPacketRules() {}

  static RuleSet of(RedirectSettings.Log log) {
    TableBuilder table = new TableBuilder(Table.MANGLE);
    table.jump(
        PREROUTING,
        new Rule(
            List.of(INVALID),
            new Target.Jump(SLUICE_INVALID),
            "packets that belong to no connection",
            Settings.DROP_INVALID));
    table.add(SLUICE_INVALID, LogRules.of(log, "sluice invalid: ", INVALID));
    table.add(
        SLUICE_INVALID,
        List.of(
            new Rule(
                List.of(INVALID),
                new Target.Drop(),
                "out of order and not undone by NAT, it would make the application reset the"
                    + " connection",
                Settings.DROP_INVALID)));
    return table.build();
  }
}
