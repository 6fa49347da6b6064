package io.sluice.rendering.trace;

import io.sluice.rendering.iptables.Chain;
import io.sluice.rendering.iptables.Table;
import java.util.List;
import java.util.Optional;

/**
 * One table at one of the kernel's hooks.
 *
 * @param skipped why the packet did not pass through the table; none when it did
 * @param rules those that were looked at, in the order in which they were
 */
public record Step(Chain hook, Table table, Optional<String> skipped, List<Consulted> rules) {

  /** Copies the rules. */
  public Step {
    rules = List.copyOf(rules);
  }
}
