package io.sluice.rendering.trace;

import io.sluice.rendering.iptables.Chain;
import io.sluice.rendering.iptables.RuleSet;
import io.sluice.rendering.iptables.Table;
import io.sluice.rendering.trace.TableWalk.Decision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One packet's way through the kernel's hooks, as far as our rules are there: PREROUTING for what
 * arrives, OUTPUT for what the host sends, and PREROUTING once more for what it sends to itself. At
 * each hook the tables come in the order raw, mangle, nat.
 */
final class Netfilter {

  private static final String NOT_NEW =
      "only a connection's first packet passes through nat: this one goes where that one went";
  private static final String NO_CONNECTION =
      "a packet that belongs to no connection does not pass through nat";
  private static final String DECIDED =
      "OUTPUT has decided about this connection: nat decides once";

  private final List<RuleSet> tables;
  private final Conditions conditions;
  private final Map<String, String> origins;
  private final Collection<String> assumptions;
  private final List<Step> steps = new ArrayList<>();

  /**
   * Our rules of one family.
   *
   * @param tables in the order of {@link Table}
   * @param origins which resource is behind a setting, by its path
   * @param assumptions takes what is taken for granted on the way
   */
  Netfilter(
      List<RuleSet> tables,
      Conditions conditions,
      Map<String, String> origins,
      Collection<String> assumptions) {
    this.tables = tables.stream().sorted(Comparator.comparing(RuleSet::table)).toList();
    this.conditions = conditions;
    this.origins = origins;
    this.assumptions = assumptions;
  }

  /** The tables that the packet came to, in that order. */
  List<Step> steps() {
    return List.copyOf(steps);
  }

  /** What becomes of a packet: a decision for a port, or the packet's end, or neither. */
  Decision pass(Flight packet) {
    Decision first = hook(packet, false);
    return switch (first) {
      case Decision.Drop _ -> first;
      case Decision.Redirect(int port) when packet.hook() == Chain.OUTPUT ->
          afterLoopback(packet.redirectedTo(port), first);
      case Decision.Redirect _ -> first;
      case Decision.GoOn _ when packet.hook() == Chain.OUTPUT && packet.isOnLoopback() ->
          afterLoopback(packet, first);
      case Decision.GoOn _ -> first;
    };
  }

  /** A packet to the host itself meets PREROUTING too, where it can still be dropped. */
  private Decision afterLoopback(Flight packet, Decision before) {
    Decision again = hook(packet.arrivedByLoopback(), true);
    return again instanceof Decision.Drop ? again : before;
  }

  private Decision hook(Flight packet, boolean decided) {
    for (RuleSet table : tables) {
      if (!table.chains().containsKey(packet.hook())) {
        continue;
      }
      Optional<String> skipped = skipped(table.table(), packet, decided);
      if (skipped.isPresent()) {
        steps.add(new Step(packet.hook(), table.table(), skipped, List.of()));
        continue;
      }
      TableWalk walk = new TableWalk(table, conditions, packet, origins, assumptions);
      Decision decision = walk.decide();
      steps.add(new Step(packet.hook(), table.table(), Optional.empty(), walk.consulted()));
      if (!(decision instanceof Decision.GoOn)) {
        return decision;
      }
    }
    return new Decision.GoOn();
  }

  private static Optional<String> skipped(Table table, Flight packet, boolean decided) {
    return switch (table) {
      case RAW, MANGLE -> Optional.empty();
      case NAT ->
          switch (packet.state()) {
            case ESTABLISHED -> Optional.of(NOT_NEW);
            case INVALID -> Optional.of(NO_CONNECTION);
            case NEW -> decided ? Optional.of(DECIDED) : Optional.empty();
          };
    };
  }
}
