package io.sluice.rendering.trace;

import io.sluice.rendering.iptables.Chain;
import io.sluice.rendering.iptables.Match;
import io.sluice.rendering.iptables.Rule;
import java.util.Optional;

/**
 * A rule that the kernel looked at.
 *
 * @param number its place among our rules of the chain, from 1
 * @param origin the resource that caused the rule, or {@code default}; none for a rule that every
 *     host has
 * @param failed the first of its conditions that the packet does not meet; none when it matched
 */
public record Consulted(
    Chain chain, int number, Rule rule, Optional<String> origin, Optional<Match> failed) {

  /** Whether the packet meets all of its conditions. */
  public boolean matched() {
    return failed.isEmpty();
  }
}
