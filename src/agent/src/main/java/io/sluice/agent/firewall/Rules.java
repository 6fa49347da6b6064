package io.sluice.agent.firewall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Rules of ours in one family, by table: what a bundle wants, or what stands in the kernel.
 *
 * @param tables by name: {@code mangle}, {@code nat}, {@code raw}
 */
record Rules(SortedMap<String, Table> tables) {

  /** No rules. */
  static Rules none() {
    return new Rules(new TreeMap<>());
  }

  Table table(String name) {
    return tables.getOrDefault(name, Table.empty());
  }

  boolean isEmpty() {
    return tables.values().stream().allMatch(Table::isEmpty);
  }

  /** Whether a table has other jumps than before although what they lead to is the same. */
  boolean jumpsMovedSince(Rules before) {
    return before.tables.entrySet().stream()
        .anyMatch(
            entry -> {
              Table now = table(entry.getKey());
              Table then = entry.getValue();
              return now.inside.equals(then.inside) && !now.jumps.equals(then.jumps);
            });
  }

  /** The same in one table, and nothing in others. */
  Rules only(String name) {
    Rules one = none();
    Table table = tables.get(name);
    if (table != null) {
      one.tables.put(name, table);
    }
    return one;
  }

  /** The same with nothing that leads to it. */
  Rules withoutJumps() {
    Rules kept = none();
    tables.forEach(
        (name, table) ->
            kept.tables.put(name, new Table(table.chains, table.inside, new LinkedHashMap<>())));
    return kept;
  }

  /** What stands of them after {@link Transaction#withoutJumps}. */
  Rules released() {
    Rules kept = withoutJumps();
    Table nat = kept.tables.get("nat");
    if (nat != null) {
      TreeSet<String> chains = new TreeSet<>(nat.chains);
      chains.add(Transaction.KEEPER_CHAIN);
      kept.tables.put("nat", new Table(chains, nat.inside, nat.jumps));
    }
    return kept;
  }

  /** For each jump the same with no other one. */
  List<Rules> eachJump() {
    List<Rules> each = new ArrayList<>();
    tables.forEach(
        (name, table) ->
            table.jumps.forEach(
                (chain, jumps) -> {
                  for (Jump jump : jumps) {
                    Rules one = none();
                    Map<String, List<Jump>> only = Map.of(chain, List.of(jump));
                    one.tables.put(name, new Table(table.chains, table.inside, only));
                    each.add(one);
                  }
                }));
    return each;
  }

  /** The same with jumps that have no place among the rules of others. */
  Rules placeless() {
    Rules free = none();
    tables.forEach(
        (name, table) -> {
          Map<String, List<Jump>> jumps = new LinkedHashMap<>();
          table.jumps.forEach(
              (chain, all) ->
                  jumps.put(chain, all.stream().map(jump -> new Jump(-1, jump.rule)).toList()));
          free.tables.put(name, new Table(table.chains, table.inside, jumps));
        });
    return free;
  }

  /** How many rules each chain has, by table and chain: the same however rules are spelled. */
  Map<String, Integer> shape() {
    TreeMap<String, Integer> shape = new TreeMap<>();
    tables.forEach(
        (name, table) -> {
          table.chains().forEach(chain -> shape.put(name + ' ' + chain, 0));
          table
              .inside()
              .forEach(rule -> shape.merge(name + ' ' + rule.split(" ", 3)[1], 1, Integer::sum));
          table.jumps().forEach((chain, jumps) -> shape.put(name + ' ' + chain, jumps.size()));
        });
    return shape;
  }

  /**
   * One table's part.
   *
   * @param chains our chains
   * @param inside the rules of our chains, in the form {@code -A CHAIN …}
   * @param jumps the rules of built-in chains that lead into ours, by chain
   */
  record Table(SortedSet<String> chains, List<String> inside, Map<String, List<Jump>> jumps) {

    static Table empty() {
      return new Table(new TreeSet<>(), new ArrayList<>(), new LinkedHashMap<>());
    }

    boolean isEmpty() {
      return chains.isEmpty() && jumps.isEmpty();
    }

    void jump(String chain, Jump jump) {
      jumps.computeIfAbsent(chain, ignored -> new ArrayList<>()).add(jump);
    }
  }

  /**
   * A rule of a built-in chain that leads into one of ours.
   *
   * @param foreignBefore how many rules of others stand before it; -1 for one that may stand behind
   *     what is there
   * @param rule what follows {@code -A CHAIN }
   */
  record Jump(int foreignBefore, String rule) {

    /** The chain that it leads to; a jump's target comes last, as the kernel shows it too. */
    String target() {
      return rule.substring(rule.lastIndexOf(' ') + 1);
    }
  }
}
