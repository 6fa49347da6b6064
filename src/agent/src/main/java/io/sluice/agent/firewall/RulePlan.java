package io.sluice.agent.firewall;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What leads the rules of one family from those that stand to those that are wanted.
 *
 * @param source the digest of the text that wants them; absent where none is wanted by a text
 * @param before what stands
 * @param wanted what shall stand
 * @param stands whether what stands is what the kernel showed after this text was loaded
 */
record RulePlan(
    IpFamily family, Optional<String> source, LiveRules before, Rules wanted, boolean stands) {

  /** Whether there is something to load. */
  boolean isDue() {
    boolean nothing = wanted.isEmpty() && before.ours().isEmpty();
    return !nothing && !stands;
  }

  /** What is loaded. */
  String transaction() {
    return Transaction.between(before.ours(), wanted);
  }

  /** The tables that the kernel makes for it. */
  Set<String> newTables() {
    TreeSet<String> tables = new TreeSet<>(wanted.tables().keySet());
    tables.removeAll(before.present());
    return tables;
  }

  /** What leads back, for each table by itself. */
  Map<String, String> wayBack() {
    return RuleFiles.between(family, wanted, before.ours());
  }
}
