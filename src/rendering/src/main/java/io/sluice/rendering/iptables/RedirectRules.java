package io.sluice.rendering.iptables;

import static io.sluice.rendering.iptables.Chain.OUTPUT;
import static io.sluice.rendering.iptables.Chain.PREROUTING;
import static io.sluice.rendering.iptables.Chain.SLUICE_INBOUND;
import static io.sluice.rendering.iptables.Chain.SLUICE_INBOUND_REDIRECT;
import static io.sluice.rendering.iptables.Chain.SLUICE_OUTBOUND;
import static io.sluice.rendering.iptables.Chain.SLUICE_OUTBOUND_REDIRECT;

import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.Probe;
import io.sluice.rendering.settings.RedirectSettings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The rules that hand a host's TCP connections to Envoy. What each of them closes or lets pass is
 * explained in docs/rendering.md.
 */
public final class RedirectRules {

  /** The primary group of all our processes: what they send is never captured. */
  private static final Match OURS = new Match.OwnerGroup("sluice");

  private static final Match NOT_OURS = new Match.Not(new Match.OwnerGroup("sluice"));
  private static final Match ON_LOOPBACK = new Match.OutInterface("lo");
  private static final Target RETURN = new Target.Return();
  private static final Target TO_INBOUND = new Target.Jump(SLUICE_INBOUND_REDIRECT);
  private static final Target TO_OUTBOUND = new Target.Jump(SLUICE_OUTBOUND_REDIRECT);

  /** The rules of one address family. */
  public RuleSet rules(RedirectSettings settings, IpFamily family) {
    Map<Chain, List<Rule>> chains = new EnumMap<>(Chain.class);
    chains.put(
        PREROUTING,
        List.of(
            rule(
                new Target.Jump(SLUICE_INBOUND),
                "new connections that arrive at this host",
                new Match.TcpSyn())));
    chains.put(
        OUTPUT,
        List.of(
            rule(
                new Target.Jump(SLUICE_OUTBOUND),
                "new connections that this host opens",
                new Match.TcpSyn())));
    chains.put(SLUICE_INBOUND, inbound(settings.inbound(), family));
    chains.put(
        SLUICE_INBOUND_REDIRECT,
        redirect(settings.inbound().port(), "to the catch-all inbound listener of Envoy"));
    chains.put(SLUICE_OUTBOUND, outbound(settings, family));
    chains.put(
        SLUICE_OUTBOUND_REDIRECT,
        redirect(settings.outbound().port(), "to the catch-all outbound listener of Envoy"));
    return new RuleSet(Table.NAT, chains);
  }

  private static List<Rule> inbound(RedirectSettings.Inbound settings, IpFamily family) {
    List<Rule> rules = new ArrayList<>(linkLocal(family));
    for (int port : settings.protectedPorts()) {
      rules.add(toPort(port, RETURN, "protected port " + port + " is never captured"));
    }
    rules.addAll(
        captured(
            settings.includePorts(), settings.excludePorts(), TO_INBOUND, "inbound connections"));
    return rules;
  }

  private static List<Rule> outbound(RedirectSettings settings, IpFamily family) {
    List<Rule> rules = new ArrayList<>();
    rules.add(
        rule(
            TO_OUTBOUND,
            "the agent proves by this that connections are captured",
            ON_LOOPBACK,
            new Match.Destination(host(family, family.passthroughSource())),
            new Match.TcpDestinationPort(Probe.PORT),
            NOT_OURS));
    rules.add(
        rule(
            RETURN,
            "Envoy dials the application beside it from this address",
            new Match.Source(host(family, family.passthroughSource())),
            ON_LOOPBACK));
    rules.add(
        rule(
            TO_INBOUND,
            "Envoy calls a service of its own host: through the inbound side like any client",
            ON_LOOPBACK,
            new Match.Tcp(),
            new Match.Not(new Match.Destination(host(family, family.loopback()))),
            new Match.OwnerUser(settings.proxyUser())));
    rules.add(
        rule(RETURN, "programs of this host among themselves stay direct", ON_LOOPBACK, NOT_OURS));
    rules.add(rule(RETURN, "what processes of Sluice send is never captured", OURS));
    rules.add(
        rule(
            RETURN,
            "what Envoy sends is never captured again",
            new Match.OwnerUser(settings.proxyUser())));
    rules.add(
        rule(
            RETURN,
            "loopback stays direct",
            new Match.Destination(host(family, family.loopback()))));
    rules.addAll(linkLocal(family));
    rules.addAll(
        captured(
            settings.outbound().includePorts(),
            settings.outbound().excludePorts(),
            TO_OUTBOUND,
            "outbound connections"));
    return rules;
  }

  /**
   * A link-local IPv6 address means a host only together with an interface, which a redirected
   * connection no longer has: it would never be answered.
   */
  private static List<Rule> linkLocal(IpFamily family) {
    return switch (family) {
      case V4 -> List.of();
      case V6 ->
          List.of(
              rule(
                  RETURN,
                  "link-local connections lose their interface when redirected",
                  new Match.Destination("fe80::/10")));
    };
  }

  private static List<Rule> captured(
      List<Integer> include, List<Integer> exclude, Target target, String connections) {
    List<Rule> rules = new ArrayList<>();
    for (int port : include) {
      rules.add(toPort(port, target, connections + " to included port " + port));
    }
    if (include.isEmpty()) {
      for (int port : exclude) {
        rules.add(toPort(port, RETURN, connections + " to excluded port " + port + " pass"));
      }
      rules.add(rule(target, "all other " + connections, new Match.Tcp()));
    }
    return rules;
  }

  /** One address in the notation in which iptables-save gives it back. */
  private static String host(IpFamily family, String address) {
    return switch (family) {
      case V4 -> address + "/32";
      case V6 -> address + "/128";
    };
  }

  private static List<Rule> redirect(int port, String reason) {
    return List.of(rule(new Target.Redirect(port), reason, new Match.Tcp()));
  }

  private static Rule toPort(int port, Target target, String reason) {
    return rule(target, reason, new Match.TcpDestinationPort(port));
  }

  private static Rule rule(Target target, String reason, Match... matches) {
    return new Rule(List.of(matches), target, reason);
  }
}
