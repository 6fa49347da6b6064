package io.sluice.rendering.iptables;

import io.sluice.rendering.settings.RedirectSettings.Comments;
import io.sluice.resources.net.PortRange;
import java.util.List;
import java.util.Locale;

/** Writes rules as {@code iptables-restore --noflush} and {@code ip6tables-restore} read them. */
public final class RulesWriter {

  private final Comments comments;

  /** A writer of rules with or without their reasons. */
  public RulesWriter(Comments comments) {
    this.comments = comments;
  }

  /** The text of all tables of a family. */
  public String write(List<RuleSet> tables) {
    StringBuilder text = new StringBuilder();
    tables.forEach(table -> write(text, table));
    return text.toString();
  }

  /**
   * The text of one table. Its chain lines empty and make our chains in the same transaction; what
   * other programs have stays.
   */
  private void write(StringBuilder text, RuleSet rules) {
    text.append('*').append(rules.table().text()).append('\n');
    for (Chain chain : rules.chains().keySet()) {
      if (chain.owner() == Chain.Owner.SLUICE) {
        text.append(':').append(chain).append(" - [0:0]\n");
      }
    }
    rules.chains().forEach((chain, ofChain) -> writeChain(text, chain, ofChain));
    text.append("COMMIT\n");
  }

  private void writeChain(StringBuilder text, Chain chain, List<Rule> rules) {
    int first = 0;
    for (Rule rule : rules) {
      switch (rule.place()) {
        case FIRST -> text.append("-I ").append(chain).append(' ').append(++first);
        case LAST -> text.append("-A ").append(chain);
      }
      text.append(withoutPlace(rule)).append('\n');
    }
  }

  private StringBuilder withoutPlace(Rule rule) {
    StringBuilder text = new StringBuilder();
    rule.matches().forEach(match -> text.append(' ').append(argument(match)));
    switch (comments) {
      case WRITTEN -> text.append(" -m comment --comment ").append(quoted(rule.reason()));
      case LEFT_OUT -> {}
    }
    return text.append(" -j ").append(argument(rule.target()));
  }

  /** A rule without its chain and comment, as people talk about it. */
  public static String text(Rule rule) {
    StringBuilder text = new StringBuilder();
    rule.matches().forEach(match -> text.append(argument(match)).append(' '));
    return text.append("-j ").append(argument(rule.target())).toString();
  }

  /** One condition of a rule, as people talk about it. */
  public static String text(Match match) {
    return argument(match);
  }

  private static String argument(Match match) {
    return switch (match) {
      case Match.Protocol protocol -> "-p " + protocol.transport().name().toLowerCase(Locale.ROOT);
      case Match.Syn() -> "--syn";
      case Match.DestinationPorts(PortRange ports) -> "--dport " + range(ports);
      case Match.SourcePorts(PortRange ports) -> "--sport " + range(ports);
      case Match.Source source -> "-s " + source.network();
      case Match.Destination destination -> "-d " + destination.network();
      case Match.LocalDestination() -> "-m addrtype --dst-type LOCAL";
      case Match.InInterface(String name) -> "-i " + name;
      case Match.OutInterface(String name) -> "-o " + name;
      case Match.OwnerUser(String user) -> "-m owner --uid-owner " + user;
      case Match.OwnerUsers users -> "-m owner --uid-owner " + users.uids();
      case Match.OwnerGroup(String group) -> "-m owner --gid-owner " + group;
      case Match.Invalid() -> "-m conntrack --ctstate INVALID";
      case Match.Not(Match.Destination(var network)) -> "! -d " + network;
      case Match.Not(Match.LocalDestination()) -> "-m addrtype ! --dst-type LOCAL";
      case Match.Not(Match.OwnerGroup(String group)) -> "-m owner ! --gid-owner " + group;
    };
  }

  private static String argument(Target target) {
    return switch (target) {
      case Target.Jump(Chain chain) -> chain.name();
      case Target.Redirect(int port) -> "REDIRECT --to-ports " + port;
      case Target.Return() -> "RETURN";
      case Target.Drop() -> "DROP";
      case Target.Zone(int zone) -> "CT --zone " + zone;
      case Target.Log(String prefix, int level) ->
          "LOG --log-prefix " + quoted(prefix) + " --log-level " + level;
    };
  }

  private static String range(PortRange ports) {
    return ports.first() == ports.last()
        ? Integer.toString(ports.first())
        : ports.first() + ":" + ports.last();
  }

  /** Within double quotes iptables-restore takes a backslash before any character away. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
