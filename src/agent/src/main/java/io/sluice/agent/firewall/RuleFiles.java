package io.sluice.agent.firewall;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Changes of rules as files for the shell programs beside the agent, which can't work them out: by
 * name, for each table of each family by itself, as the kernel takes each whole or not at all.
 */
final class RuleFiles {

  private RuleFiles() {}

  /** What leads from rules to others: {@code v4.nat} and {@code v4.nat.appended}. */
  static Map<String, String> between(IpFamily family, Rules from, Rules to) {
    Map<String, String> files = new TreeMap<>();
    TreeSet<String> tables = new TreeSet<>(to.tables().keySet());
    tables.addAll(from.tables().keySet());
    for (String table : tables) {
      put(files, family.text() + '.' + table, from.only(table), to.only(table));
    }
    return files;
  }

  /**
   * What takes the jumps of rules that stand out and puts them in again: {@code out.v4.nat}, {@code
   * in.v4.nat} and {@code in.v4.nat.appended}; {@code one.v4.nat.0} and so on take out one jump
   * each.
   */
  static Map<String, String> jumps(IpFamily family, Rules standing) {
    Map<String, String> files = new TreeMap<>();
    for (String table : standing.tables().keySet()) {
      Rules ours = standing.only(table);
      if (!ours.table(table).jumps().isEmpty()) {
        String unit = family.text() + '.' + table;
        files.put("out." + unit, Transaction.withoutJumps(ours));
        put(files, "in." + unit, ours.released(), ours);
        int number = 0;
        for (Rules jump : ours.eachJump()) {
          files.put("one." + unit + '.' + number++, Transaction.withoutJumps(jump));
        }
      }
    }
    return files;
  }

  /** The second one does not count on the places that others' rules had. */
  private static void put(Map<String, String> files, String name, Rules from, Rules to) {
    files.put(name, Transaction.between(from, to));
    files.put(name + ".appended", Transaction.between(from, to.placeless()));
  }
}
