package io.sluice.agent.firewall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in the kernel, read from {@code iptables-save}.
 *
 * @param ours our chains and the jumps into them
 * @param foreign the tables that hold a rule, a chain or a policy of somebody else
 * @param present every table there is
 * @param others every chain and rule of others, in order
 */
record LiveRules(
    Rules ours, TreeSet<String> foreign, TreeSet<String> present, List<String> others) {

  static final String PREFIX = "SLUICE_";
  static final String OWNER = "SLUICE_OWNER_";
  private static final Pattern JUMP = Pattern.compile("(?:^| )-[jg] (SLUICE_[A-Z0-9_a-z]+)(?: |$)");

  static LiveRules parse(String saved) {
    TreeMap<String, Rules.Table> tables = new TreeMap<>();
    TreeSet<String> foreign = new TreeSet<>();
    TreeSet<String> present = new TreeSet<>();
    List<String> others = new ArrayList<>();
    Map<String, Integer> foreignSoFar = new HashMap<>();
    String table = "";
    for (String line : saved.split("\n", -1)) {
      if (line.startsWith("*")) {
        table = line.substring(1).strip();
        present.add(table);
      } else if (line.startsWith(":")) {
        String[] words = line.substring(1).split(" ", -1);
        if (words[0].startsWith(PREFIX)) {
          tables.computeIfAbsent(table, ignored -> Rules.Table.empty()).chains().add(words[0]);
        } else if (words.length > 1 && !words[1].equals("ACCEPT")) {
          foreign.add(table);
          others.add(table + " :" + words[0] + ' ' + words[1]);
        }
      } else if (line.startsWith("-A ")) {
        int end = line.indexOf(' ', 3);
        String chain = end < 0 ? line.substring(3) : line.substring(3, end);
        String rule = end < 0 ? "" : line.substring(end + 1);
        if (chain.startsWith(PREFIX)) {
          tables.computeIfAbsent(table, ignored -> Rules.Table.empty()).inside().add(line);
        } else if (leadsToUs(rule)) {
          tables
              .computeIfAbsent(table, ignored -> Rules.Table.empty())
              .jump(chain, new Rules.Jump(foreignSoFar.getOrDefault(table + ' ' + chain, 0), rule));
        } else {
          foreign.add(table);
          others.add(table + ' ' + line);
          foreignSoFar.merge(table + ' ' + chain, 1, Integer::sum);
        }
      }
    }
    return new LiveRules(new Rules(tables), foreign, present, others);
  }

  /** The mark of the agent whose rules stand here, if any do. */
  Optional<String> owner() {
    return ours.table("nat").chains().stream()
        .filter(chain -> chain.startsWith(OWNER))
        .map(chain -> chain.substring(OWNER.length()))
        .findFirst();
  }

  /** Everything of ours as text, for comparison: the kernel's spelling, without counters. */
  String extract() {
    StringBuilder text = new StringBuilder();
    ours.tables()
        .forEach(
            (name, table) -> {
              text.append('*').append(name).append('\n');
              table.chains().forEach(chain -> text.append(':').append(chain).append('\n'));
              table.inside().forEach(rule -> text.append(rule).append('\n'));
              new TreeMap<>(table.jumps())
                  .forEach(
                      (chain, jumps) ->
                          jumps.forEach(
                              jump ->
                                  text.append("-A ")
                                      .append(chain)
                                      .append(' ')
                                      .append(jump.rule())
                                      .append('\n')));
            });
    return text.toString();
  }

  private static boolean leadsToUs(String rule) {
    // A comment may say anything, also "-j SLUICE_X".
    Matcher matcher = JUMP.matcher(rule.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "\"\""));
    return matcher.find();
  }
}
