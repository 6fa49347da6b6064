package io.sluice.agent.firewall;

import io.sluice.agent.bundle.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a bundle's rules and refuses everything but our own chains, the tables that redirection
 * needs, jumps into our chains, and known matches and targets. What reaches the kernel is written
 * anew from what was understood.
 */
final class RuleParser {

  private static final int LINES = 20_000;
  private static final Map<String, Set<String>> HOOKS =
      Map.of(
          "raw", Set.of("PREROUTING", "OUTPUT"),
          "mangle", Set.of("PREROUTING", "OUTPUT"),
          "nat", Set.of("PREROUTING", "OUTPUT"));

  private final Set<Integer> redirectPorts;
  private final TreeMap<String, Rules.Table> tables = new TreeMap<>();
  private String table = "";

  private RuleParser(Set<Integer> redirectPorts) {
    this.redirectPorts = redirectPorts;
  }

  /** The rules of one family. */
  static Rules parse(byte[] content, Set<Integer> redirectPorts) throws RefusedException {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    if (!text.endsWith("\n")) {
      throw new RefusedException("the rules' last line has no end");
    }
    List<String> lines = text.lines().toList();
    if (lines.size() > LINES) {
      throw new RefusedException("there are more than " + LINES + " lines of rules");
    }
    RuleParser parser = new RuleParser(redirectPorts);
    for (String line : lines) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        parser.line(line);
      }
    }
    if (!parser.table.isEmpty()) {
      throw new RefusedException("table " + parser.table + " has no COMMIT");
    }
    return new Rules(parser.tables);
  }

  private void line(String line) throws RefusedException {
    if (line.length() > 1024) {
      throw new RefusedException("a line of rules is longer than 1,024 characters");
    }
    if (line.startsWith("*")) {
      open(line.substring(1));
    } else if (table.isEmpty()) {
      throw unknown(line);
    } else if (line.equals("COMMIT")) {
      table = "";
    } else if (line.startsWith(":")) {
      declare(line);
    } else if (line.startsWith("-A ")) {
      append(line);
    } else if (line.startsWith("-I ")) {
      insert(line);
    } else {
      throw unknown(line);
    }
  }

  private void open(String name) throws RefusedException {
    if (!table.isEmpty() || !HOOKS.containsKey(name) || tables.containsKey(name)) {
      throw new RefusedException(
          "table " + name + " is not one of mangle, nat and raw, once each and with COMMIT");
    }
    table = name;
    tables.put(name, Rules.Table.empty());
  }

  private void declare(String line) throws RefusedException {
    List<String> words = RuleWords.of(line.substring(1));
    if (words.size() != 3
        || !RuleGrammar.isOurChain(words.get(0))
        || !words.get(1).equals("-")
        || !words.get(2).equals("[0:0]")) {
      throw new RefusedException(
          "table " + table + ": '" + line + "' does not declare a chain SLUICE_…");
    }
    if (!current().chains().add(words.get(0))) {
      throw new RefusedException("table " + table + ": " + words.get(0) + " is declared twice");
    }
  }

  private void append(String line) throws RefusedException {
    List<String> words = RuleWords.of(line);
    if (words.size() < 4) {
      throw unknown(line);
    }
    String chain = words.get(1);
    List<String> rule = words.subList(2, words.size());
    boolean builtIn = HOOKS.getOrDefault(table, Set.of()).contains(chain);
    if (!builtIn && !current().chains().contains(chain)) {
      throw new RefusedException(
          "table " + table + ": chain " + chain + " is not one that a bundle may add rules to");
    }
    new RuleGrammar(table, current().chains(), redirectPorts).check(chain, rule);
    String text = RuleWords.text(rule);
    if (builtIn) {
      current().jump(chain, new Rules.Jump(-1, text));
    } else {
      current().inside().add("-A " + chain + ' ' + text);
    }
  }

  /**
   * A jump that goes before the rules of all others. Its number is only for those who load the text
   * by hand: it counts the jumps of its chain.
   */
  private void insert(String line) throws RefusedException {
    List<String> words = RuleWords.of(line);
    String chain = words.size() < 5 ? "" : words.get(1);
    List<Rules.Jump> before = current().jumps().getOrDefault(chain, List.of());
    if (!HOOKS.getOrDefault(table, Set.of()).contains(chain)
        || !words.get(2).equals(Integer.toString(before.size() + 1))
        || before.stream().anyMatch(jump -> jump.foreignBefore() < 0)) {
      throw unknown(line);
    }
    List<String> rule = words.subList(3, words.size());
    new RuleGrammar(table, current().chains(), redirectPorts).check(chain, rule);
    current().jump(chain, new Rules.Jump(0, RuleWords.text(rule)));
  }

  private Rules.Table current() {
    return java.util.Objects.requireNonNull(tables.get(table));
  }

  private RefusedException unknown(String line) {
    String shown = line.length() <= 200 ? line : line.substring(0, 200) + "…";
    return new RefusedException(
        "rules: '" + shown.replaceAll("[^ -~]", "?") + "' is not a line that a bundle may have");
  }
}
