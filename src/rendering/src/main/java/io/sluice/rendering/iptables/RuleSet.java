package io.sluice.rendering.iptables;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Our rules in one table for one address family. Chains of ours are replaced as a whole; rules in
 * the kernel's own chains are added, those that stand first before those that stand last.
 */
public record RuleSet(Table table, Map<Chain, List<Rule>> chains) {

  /**
   * Copies the chains, in the order of their declaration.
   *
   * @throws IllegalArgumentException if a jump leads to a chain that the table does not have, or
   *     rules of a chain are not in the order of their places
   */
  public RuleSet {
    Map<Chain, List<Rule>> copy = new EnumMap<>(Chain.class);
    chains.forEach((chain, rules) -> copy.put(chain, List.copyOf(rules)));
    chains = Collections.unmodifiableMap(copy);
    copy.forEach((chain, rules) -> check(chain, rules, copy));
  }

  private static void check(Chain chain, List<Rule> rules, Map<Chain, List<Rule>> all) {
    Place before = Place.FIRST;
    for (Rule rule : rules) {
      if (rule.target() instanceof Target.Jump(Chain to) && !all.containsKey(to)) {
        throw new IllegalArgumentException("there is no " + to + " to jump to from " + chain);
      }
      boolean early = rule.place() == Place.FIRST;
      if (early && (before == Place.LAST || chain.owner() == Chain.Owner.SLUICE)) {
        throw new IllegalArgumentException(chain + " can't have as first: " + rule.reason());
      }
      before = rule.place();
    }
  }
}
