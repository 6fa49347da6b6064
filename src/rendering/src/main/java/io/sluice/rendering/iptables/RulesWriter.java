package io.sluice.rendering.iptables;

import java.util.List;

/** Writes rules as {@code iptables-restore --noflush} and {@code ip6tables-restore} read them. */
public final class RulesWriter {

  /**
   * The text of one table. Its chain lines empty and make our chains in the same transaction; what
   * other programs have stays.
   */
  public String write(RuleSet rules) {
    StringBuilder text = new StringBuilder();
    text.append('*').append(rules.table().text()).append('\n');
    for (Chain chain : rules.chains().keySet()) {
      if (chain.owner() == Chain.Owner.SLUICE) {
        text.append(':').append(chain).append(" - [0:0]\n");
      }
    }
    rules.chains().forEach((chain, ofChain) -> writeChain(text, chain, ofChain));
    return text.append("COMMIT\n").toString();
  }

  private static void writeChain(StringBuilder text, Chain chain, List<Rule> rules) {
    for (Rule rule : rules) {
      text.append("-A ").append(chain);
      rule.matches().forEach(match -> text.append(' ').append(argument(match)));
      text.append(" -m comment --comment ").append(quoted(rule.reason()));
      text.append(" -j ").append(argument(rule.target())).append('\n');
    }
  }

  private static String argument(Match match) {
    return switch (match) {
      case Match.Tcp() -> "-p tcp";
      case Match.TcpSyn() -> "-p tcp --syn";
      case Match.TcpDestinationPort(int port) -> "-p tcp --dport " + port;
      case Match.Source(String network) -> "-s " + network;
      case Match.Destination(String network) -> "-d " + network;
      case Match.OutInterface(String name) -> "-o " + name;
      case Match.OwnerUser(String user) -> "-m owner --uid-owner " + user;
      case Match.OwnerGroup(String group) -> "-m owner --gid-owner " + group;
      case Match.Not(Match.Destination(String network)) -> "! -d " + network;
      case Match.Not(Match.OwnerGroup(String group)) -> "-m owner ! --gid-owner " + group;
    };
  }

  private static String argument(Target target) {
    return switch (target) {
      case Target.Jump(Chain chain) -> chain.name();
      case Target.Redirect(int port) -> "REDIRECT --to-ports " + port;
      case Target.Return() -> "RETURN";
    };
  }

  /** Within double quotes iptables-restore takes a backslash before any character away. */
  private static String quoted(String reason) {
    return '"' + reason.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
