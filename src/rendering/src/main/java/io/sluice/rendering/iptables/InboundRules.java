package io.sluice.rendering.iptables;

import static io.sluice.rendering.iptables.Chain.PREROUTING;
import static io.sluice.rendering.iptables.Chain.SLUICE_INBOUND;
import static io.sluice.rendering.iptables.Chain.SLUICE_INBOUND_REDIRECT;

import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.PortRange;
import java.util.ArrayList;
import java.util.List;

/** Captures connections that arrive at the host. */
final class InboundRules {

  private static final Target RETURN = new Target.Return();

  private final RedirectSettings settings;
  private final RedirectSettings.Inbound inbound;
  private final IpFamily family;

  InboundRules(RedirectSettings settings, IpFamily family) {
    this.settings = settings;
    this.inbound = settings.inbound();
    this.family = family;
  }

  void addTo(TableBuilder table) {
    if (!inbound.enabled()) {
      return;
    }
    table.jump(
        PREROUTING,
        new Rule(
            Packets.newConnection(),
            new Target.Jump(SLUICE_INBOUND),
            "new connections that arrive at this host",
            Settings.INBOUND,
            inbound.insertedFirst() ? Place.FIRST : Place.LAST));
    table.add(SLUICE_INBOUND, rules());
    table.add(
        SLUICE_INBOUND_REDIRECT,
        List.of(
            new Rule(
                Packets.all(Packets.TCP),
                new Target.Redirect(inbound.port()),
                "to the catch-all inbound listener of Envoy",
                Settings.INBOUND_PORT)));
  }

  private List<Rule> rules() {
    List<Rule> rules = new ArrayList<>(LogRules.of(settings.log(), "sluice inbound: "));
    rules.add(
        new Rule(
            Packets.all(new Match.Not(new Match.LocalDestination())),
            RETURN,
            "what this host only forwards is not for it",
            ""));
    rules.addAll(Packets.linkLocalPasses(family));
    for (String name : settings.interfaces(family)) {
      rules.add(
          new Rule(
              Packets.all(new Match.InInterface(name)),
              RETURN,
              "from the virtual network " + name + ": its containers reach this host directly",
              Settings.NETWORKS));
    }
    rules.addAll(protectedPorts(inbound));
    for (Cidr client : settings.excludedClients(family)) {
      rules.add(
          new Rule(
              Packets.all(new Match.Source(client)),
              RETURN,
              "connections from excluded " + client + " pass",
              Settings.EXCLUDED_CLIENTS));
    }
    PortRules ports =
        new PortRules("inbound connections", new Target.Jump(SLUICE_INBOUND_REDIRECT));
    rules.addAll(
        inbound.includePorts().isEmpty()
            ? ports.excluding(inbound.excludePorts(), Settings.INBOUND_EXCLUDE, Settings.INBOUND)
            : ports.including(inbound.includePorts(), Settings.INBOUND_INCLUDE));
    return rules;
  }

  /**
   * Lets ports pass that nothing may capture.
   *
   * @param more further conditions
   */
  static List<Rule> protectedPorts(RedirectSettings.Inbound inbound, Match... more) {
    List<Rule> rules = new ArrayList<>();
    for (PortRange range : inbound.protectedPorts()) {
      rules.add(
          new Rule(
              Packets.tcpTo(range, more),
              RETURN,
              "protected port " + range + " is never captured",
              Settings.PROTECTED_PORTS));
    }
    for (int port : inbound.sshdPorts()) {
      if (inbound.protectedPorts().stream().noneMatch(range -> range.contains(port))) {
        rules.add(
            new Rule(
                Packets.tcpTo(PortRange.of(port), more),
                RETURN,
                "sshd listens on port " + port + ": it is never captured",
                ""));
      }
    }
    return rules;
  }
}
