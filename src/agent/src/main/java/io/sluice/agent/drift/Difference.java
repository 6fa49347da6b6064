package io.sluice.agent.drift;

import io.sluice.agent.firewall.Deviation;
import io.sluice.agent.firewall.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

/** Deviations in words, such as {@code IPv4 nat: 2 rules of SLUICE_OUTBOUND removed}. */
final class Difference {

  private Difference() {}

  static String of(List<Deviation> deviations) {
    StringJoiner text = new StringJoiner("; ");
    for (Deviation deviation : deviations) {
      String family = deviation.family() == IpFamily.V4 ? "IPv4" : "IPv6";
      if (deviation.expected().isEmpty()) {
        text.add(family + ": rules changed");
        continue;
      }
      Map<String, Table> expected = tables(deviation.expected().get());
      Map<String, Table> found = tables(deviation.found());
      TreeSet<String> names = new TreeSet<>(expected.keySet());
      names.addAll(found.keySet());
      for (String name : names) {
        List<String> changes =
            changes(
                expected.getOrDefault(name, new Table()), found.getOrDefault(name, new Table()));
        if (!changes.isEmpty()) {
          text.add(family + ' ' + name + ": " + String.join(", ", changes));
        }
      }
    }
    return text.length() == 0 ? "rules changed" : text.toString();
  }

  private static List<String> changes(Table expected, Table found) {
    List<String> changes = new ArrayList<>();
    TreeSet<String> chains = new TreeSet<>(expected.rules.keySet());
    chains.addAll(found.rules.keySet());
    for (String chain : chains) {
      List<String> before = expected.of(chain);
      List<String> after = found.of(chain);
      String kind = chain.startsWith("SLUICE_") ? "rule" : "jump";
      String where = (kind.equals("rule") ? " of " : " in ") + chain;
      if (expected.rules.containsKey(chain) && !found.rules.containsKey(chain)) {
        changes.add(
            kind.equals("rule") ? "chain " + chain + " removed" : "the jump" + where + " removed");
        continue;
      }
      int removed = count(before, after);
      int added = count(after, before);
      if (removed > 0) {
        changes.add(amount(removed, kind) + where + " removed");
      }
      if (added > 0) {
        changes.add(amount(added, kind) + where + " added");
      }
      if (removed == 0 && added == 0 && !before.equals(after)) {
        changes.add("the order" + where + " changed");
      }
    }
    return changes;
  }

  private static String amount(int count, String kind) {
    return count + " " + kind + (count == 1 ? "" : "s");
  }

  /** How many of these are not among those. */
  private static int count(List<String> these, List<String> those) {
    List<String> left = new ArrayList<>(these);
    those.forEach(left::remove);
    return left.size();
  }

  private static Map<String, Table> tables(String text) {
    TreeMap<String, Table> tables = new TreeMap<>();
    Table table = new Table();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("*")) {
        table = tables.computeIfAbsent(line.substring(1), name -> new Table());
      } else if (line.startsWith(":")) {
        table.add(line.substring(1), "");
      } else if (line.startsWith("-A ")) {
        String[] words = line.split(" ", 3);
        table.add(words[1], words[2]);
      }
    }
    return tables;
  }

  private static final class Table {
    private final TreeMap<String, List<String>> rules = new TreeMap<>();

    List<String> of(String chain) {
      return rules.getOrDefault(chain, List.of());
    }

    void add(String chain, String rule) {
      List<String> all = rules.computeIfAbsent(chain, name -> new ArrayList<>());
      if (!rule.isEmpty()) {
        all.add(rule);
      }
    }
  }
}
