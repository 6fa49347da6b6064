package io.sluice.rendering.iptables;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Gathers the rules of one table. */
final class TableBuilder {

  private final Table table;
  private final Map<Chain, List<Rule>> chains = new EnumMap<>(Chain.class);

  TableBuilder(Table table) {
    this.table = table;
  }

  /** Adds a chain of ours, or rules to it. */
  void add(Chain chain, List<Rule> rules) {
    chains.computeIfAbsent(chain, ignored -> new ArrayList<>()).addAll(rules);
  }

  /** Adds a jump from a chain of the kernel, behind those of the same place. */
  void jump(Chain from, Rule jump) {
    List<Rule> jumps = chains.computeIfAbsent(from, ignored -> new ArrayList<>());
    switch (jump.place()) {
      case FIRST -> jumps.add((int) jumps.stream().filter(TableBuilder::isFirst).count(), jump);
      case LAST -> jumps.add(jump);
    }
  }

  RuleSet build() {
    return new RuleSet(table, chains);
  }

  private static boolean isFirst(Rule rule) {
    return rule.place() == Place.FIRST;
  }
}
