package io.sluice.agent.firewall;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The input of {@code iptables-restore --noflush} that leads from what stands to what is wanted: in
 * each table one transaction that deletes our old jumps, empties our chains and sets both anew.
 */
final class Transaction {

  static final String KEEPER_CHAIN = "SLUICE_KEEPER";

  private static final String KEEPER =
      """
      :SLUICE_KEEPER - [0:0]
      -A SLUICE_KEEPER -m conntrack --ctstate INVALID -j RETURN
      """;

  private Transaction() {}

  /** Text that puts the wanted rules in place of those that stand. */
  static String between(Rules standing, Rules wanted) {
    StringBuilder text = new StringBuilder();
    TreeSet<String> names = new TreeSet<>(standing.tables().keySet());
    names.addAll(wanted.tables().keySet());
    for (String name : names) {
      Rules.Table from = standing.table(name);
      Rules.Table to = wanted.table(name);
      if (from.isEmpty() && to.isEmpty()) {
        continue;
      }
      text.append('*').append(name).append('\n');
      TreeSet<String> chains = new TreeSet<>(from.chains());
      chains.addAll(to.chains());
      chains.forEach(chain -> text.append(':').append(chain).append(" - [0:0]\n"));
      from.jumps().forEach((chain, jumps) -> jumps.forEach(jump -> delete(text, chain, jump)));
      to.inside().forEach(rule -> text.append(rule).append('\n'));
      to.jumps().forEach((chain, jumps) -> add(text, chain, jumps, from.jumps()));
      chains.removeAll(to.chains());
      chains.forEach(chain -> text.append("-X ").append(chain).append('\n'));
      text.append("COMMIT\n");
    }
    return text.toString();
  }

  /** How many transactions a text is for the kernel. */
  static int tables(String text) {
    return (int) text.lines().filter("COMMIT"::equals).count();
  }

  /**
   * Text that only takes the jumps out: nothing is captured any more. A rule that nothing reaches
   * keeps conntrack in use, whatever others have left of ours: it knows where the packets of
   * redirected connections go.
   */
  static String withoutJumps(Rules standing) {
    StringBuilder text = new StringBuilder();
    standing
        .tables()
        .forEach(
            (name, table) -> {
              boolean keeper = name.equals("nat") && !table.isEmpty();
              if (keeper || !table.jumps().isEmpty()) {
                text.append('*').append(name).append('\n');
                text.append(keeper ? KEEPER : "");
                table
                    .jumps()
                    .forEach((chain, jumps) -> jumps.forEach(jump -> delete(text, chain, jump)));
                text.append("COMMIT\n");
              }
            });
    return text.toString();
  }

  private static void delete(StringBuilder text, String chain, Rules.Jump jump) {
    text.append("-D ").append(chain).append(' ').append(jump.rule()).append('\n');
  }

  private static void add(
      StringBuilder text,
      String chain,
      List<Rules.Jump> jumps,
      Map<String, List<Rules.Jump>> standing) {
    List<Rules.Jump> before = standing.getOrDefault(chain, List.of());
    int ours = 0;
    for (Rules.Jump jump : jumps) {
      // Rules that stood before keep their place among those of others.
      int place = jump.foreignBefore() >= 0 ? jump.foreignBefore() : place(jump, jumps, before);
      if (place < 0) {
        text.append("-A ").append(chain);
      } else {
        text.append("-I ").append(chain).append(' ').append(place + ours + 1);
      }
      text.append(' ').append(jump.rule()).append('\n');
      ours++;
    }
  }

  /**
   * Where the jump to the same chain stood; for a new one, where one stood that is no longer
   * wanted.
   */
  private static int place(Rules.Jump jump, List<Rules.Jump> wanted, List<Rules.Jump> standing) {
    Optional<Rules.Jump> same =
        standing.stream().filter(other -> other.target().equals(jump.target())).findFirst();
    Optional<Rules.Jump> gone =
        standing.stream()
            .filter(other -> wanted.stream().noneMatch(it -> it.target().equals(other.target())))
            .findFirst();
    return same.or(() -> gone).map(Rules.Jump::foreignBefore).orElse(-1);
  }
}
