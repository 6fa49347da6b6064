package io.sluice.rendering.iptables;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Our rules in one table for one address family. Chains of ours are replaced as a whole; rules in
 * the kernel's own chains are added.
 */
public record RuleSet(Table table, Map<Chain, List<Rule>> chains) {

  /** Copies the chains, in the order of their declaration. */
  public RuleSet {
    Map<Chain, List<Rule>> copy = new EnumMap<>(Chain.class);
    chains.forEach((chain, rules) -> copy.put(chain, List.copyOf(rules)));
    chains = Collections.unmodifiableMap(copy);
  }
}
