package io.sluice.agent.firewall;

import io.sluice.agent.bundle.RefusedException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a rule of a bundle may say after {@code -A CHAIN}: known matches, then one known target. */
final class RuleGrammar {

  private static final Pattern CHAIN = Pattern.compile("SLUICE_[A-Z0-9_]{1,21}");
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}(/[0-9]{1,3})?");
  private static final Pattern INTERFACE =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}|[A-Za-z0-9_.@-]{0,14}\\+");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}(:[0-9]{1,5})?");
  private static final Pattern PORTS =
      Pattern.compile("[0-9]{1,5}(:[0-9]{1,5})?(,[0-9]{1,5}(:[0-9]{1,5})?){0,14}");
  private static final Pattern PROTOCOL = Pattern.compile("tcp|udp");
  private static final Pattern OWNER =
      Pattern.compile("[a-z_][a-z0-9_-]{0,31}|[0-9]{1,10}(-[0-9]{1,10})?");
  private static final Pattern TEXT = Pattern.compile("[ -~]{0,255}");
  private static final Pattern STATES = Pattern.compile("[A-Z,]{1,64}");
  private static final Pattern MODULE =
      Pattern.compile("tcp|udp|owner|comment|conntrack|multiport|addrtype");
  private static final Pattern KIND = Pattern.compile("LOCAL|UNICAST|BROADCAST|MULTICAST");
  private static final Pattern DIRECTION = Pattern.compile("ORIGINAL|REPLY");

  private static final Map<String, Pattern> MATCHES =
      Map.ofEntries(
          Map.entry("-p", PROTOCOL),
          Map.entry("-s", ADDRESS),
          Map.entry("-d", ADDRESS),
          Map.entry("-i", INTERFACE),
          Map.entry("-o", INTERFACE),
          Map.entry("-m", MODULE),
          Map.entry("--dport", PORT),
          Map.entry("--sport", PORT),
          Map.entry("--dports", PORTS),
          Map.entry("--sports", PORTS),
          Map.entry("--uid-owner", OWNER),
          Map.entry("--gid-owner", OWNER),
          Map.entry("--comment", TEXT),
          Map.entry("--ctstate", STATES),
          Map.entry("--ctdir", DIRECTION),
          Map.entry("--dst-type", KIND),
          Map.entry("--src-type", KIND));

  /** What a target may be followed by. */
  private static final Map<String, Map<String, Pattern>> TARGETS =
      Map.of(
          "RETURN", Map.of(),
          "DROP", Map.of(),
          "REDIRECT", Map.of("--to-ports", Pattern.compile("[0-9]{1,5}")),
          "CT", Map.of("--zone", Pattern.compile("[0-9]{1,5}")),
          "LOG",
              Map.of(
                  "--log-prefix", Pattern.compile("[ -~]{0,29}"),
                  "--log-level", Pattern.compile("[0-7]")));

  /** Without them these targets mean something else than a bundle may say. */
  private static final Map<String, String> NEEDED =
      Map.of("REDIRECT", "--to-ports", "CT", "--zone", "LOG", "--log-prefix");

  private static final Map<String, Set<String>> TARGETS_OF_TABLE =
      Map.of(
          "nat", Set.of("RETURN", "REDIRECT", "LOG"),
          "raw", Set.of("RETURN", "CT", "LOG"),
          "mangle", Set.of("RETURN", "DROP", "LOG"));

  private final String table;
  private final Set<String> chains;
  private final Set<Integer> redirectPorts;

  /**
   * The grammar in a table.
   *
   * @param chains those that the bundle declares in this table
   * @param redirectPorts where its settings say that Envoy listens
   */
  RuleGrammar(String table, Set<String> chains, Set<Integer> redirectPorts) {
    this.table = table;
    this.chains = chains;
    this.redirectPorts = redirectPorts;
  }

  static boolean isOurChain(String name) {
    return CHAIN.matcher(name).matches() && !name.startsWith(LiveRules.OWNER);
  }

  /** Refuses a rule that says anything unknown. */
  void check(String chain, List<String> rule) throws RefusedException {
    boolean invalidOnly = false;
    boolean ended = false;
    Iterator<String> words = rule.iterator();
    while (words.hasNext()) {
      String word = words.next();
      if (word.equals("!") && words.hasNext()) {
        word = words.next();
        if (word.equals("-m") || word.equals("-j") || word.equals("--comment")) {
          throw refused(rule, "'!' before " + word);
        }
        invalidOnly = false;
      } else if (word.equals("--ctstate") && rule.contains("INVALID") && !rule.contains("!")) {
        invalidOnly = true;
      }
      if (word.equals("--syn")) {
        continue;
      }
      if (word.equals("-j") && words.hasNext()) {
        target(chain, rule, words.next(), words, invalidOnly);
        ended = true;
        break;
      }
      Pattern argument = MATCHES.get(word);
      if (argument == null || !words.hasNext()) {
        throw refused(rule, "unknown match " + word);
      }
      String value = words.next();
      if (!argument.matcher(value).matches()) {
        throw refused(rule, word + " " + value + " is not allowed");
      }
    }
    if (!ended) {
      throw refused(rule, "no target");
    }
  }

  private void target(
      String chain, List<String> rule, String target, Iterator<String> words, boolean invalidOnly)
      throws RefusedException {
    boolean builtIn = !isOurChain(chain);
    if (isOurChain(target)) {
      if (!chains.contains(target)) {
        throw refused(rule, "it jumps to a chain that the bundle does not have");
      }
    } else if (builtIn) {
      throw refused(rule, "a rule of " + chain + " may only jump to a chain of ours");
    } else if (!TARGETS_OF_TABLE.getOrDefault(table, Set.of()).contains(target)) {
      throw refused(rule, "target " + target + " is not allowed in table " + table);
    }
    if (target.equals("DROP") && !invalidOnly) {
      throw refused(rule, "DROP is only for --ctstate INVALID");
    }
    String needed = NEEDED.get(target);
    if (needed != null && !rule.contains(needed)) {
      throw refused(rule, target + " without " + needed);
    }
    Map<String, Pattern> options = TARGETS.getOrDefault(target, Map.of());
    while (words.hasNext()) {
      String option = words.next();
      Pattern allowed = options.get(option);
      String value = words.hasNext() ? words.next() : "";
      if (allowed == null || !allowed.matcher(value).matches()) {
        throw refused(rule, option + " " + value + " after " + target);
      }
      if (option.equals("--to-ports") && !redirectPorts.contains(Integer.valueOf(value))) {
        throw refused(rule, "it redirects to port " + value + ", where Envoy does not listen");
      }
    }
  }

  private RefusedException refused(List<String> rule, String why) {
    return new RefusedException("table " + table + ", rule '" + RuleWords.text(rule) + "': " + why);
  }
}
