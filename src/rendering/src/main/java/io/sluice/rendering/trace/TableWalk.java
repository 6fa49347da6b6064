package io.sluice.rendering.trace;

import io.sluice.rendering.iptables.Chain;
import io.sluice.rendering.iptables.Match;
import io.sluice.rendering.iptables.Rule;
import io.sluice.rendering.iptables.RuleSet;
import io.sluice.rendering.iptables.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One packet's way through our rules of one table at one hook. */
final class TableWalk {

  private final RuleSet table;
  private final Conditions conditions;
  private final Flight packet;
  private final Map<String, String> origins;
  private final Collection<String> assumptions;
  private final List<Consulted> consulted = new ArrayList<>();

  TableWalk(
      RuleSet table,
      Conditions conditions,
      Flight packet,
      Map<String, String> origins,
      Collection<String> assumptions) {
    this.table = table;
    this.conditions = conditions;
    this.packet = packet;
    this.origins = origins;
    this.assumptions = assumptions;
  }

  /** What the table decides. */
  Decision decide() {
    return pass(packet.hook());
  }

  /** The rules that were looked at, in that order. */
  List<Consulted> consulted() {
    return List.copyOf(consulted);
  }

  private Decision pass(Chain chain) {
    List<Rule> rules = table.chains().getOrDefault(chain, List.of());
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      Optional<Match> failed = failed(rule);
      consulted.add(new Consulted(chain, i + 1, rule, origin(rule), failed));
      if (failed.isPresent()) {
        continue;
      }
      switch (rule.target()) {
        case Target.Return() -> {
          return new Decision.GoOn();
        }
        case Target.Redirect(int port) -> {
          return new Decision.Redirect(port);
        }
        case Target.Drop() -> {
          return new Decision.Drop();
        }
        case Target.Zone _, Target.Log _ -> {
          // The packet goes on to the next rule.
        }
        case Target.Jump(Chain to) -> {
          Decision decision = pass(to);
          if (!(decision instanceof Decision.GoOn)) {
            return decision;
          }
        }
      }
    }
    return new Decision.GoOn();
  }

  private Optional<String> origin(Rule rule) {
    return Optional.ofNullable(origins.get(rule.setting()));
  }

  /**
   * The first condition that does not hold. What is assumed about one of several conditions is
   * worth saying only if none of the others decides for certain.
   */
  private Optional<Match> failed(Rule rule) {
    Optional<Match> assumedNot = Optional.empty();
    List<String> taken = new ArrayList<>();
    for (Match match : rule.matches()) {
      Judgement judgement = conditions.judge(match, packet);
      if (!judgement.holds() && judgement.assumption().isEmpty()) {
        return Optional.of(match);
      }
      if (!judgement.holds() && assumedNot.isEmpty()) {
        assumedNot = Optional.of(match);
        taken.clear();
      }
      if (assumedNot.isEmpty() || assumedNot.get().equals(match)) {
        judgement.assumption().ifPresent(taken::add);
      }
    }
    assumptions.addAll(taken);
    return assumedNot;
  }

  /** What a table does with a packet. */
  sealed interface Decision {

    /** It passes on, to the next table. */
    record GoOn() implements Decision {}

    /** Its connection is handed to a port of this host. */
    record Redirect(int port) implements Decision {}

    /** It ends here. */
    record Drop() implements Decision {}
  }
}
