package io.sluice.rendering.iptables;

import static io.sluice.rendering.iptables.Chain.PREROUTING;
import static io.sluice.rendering.iptables.Chain.SLUICE_OUTBOUND_REDIRECT;
import static io.sluice.rendering.iptables.Chain.SLUICE_VNET;
import static io.sluice.rendering.iptables.Packets.TCP;
import static io.sluice.rendering.iptables.Packets.TO_DNS;
import static io.sluice.rendering.iptables.Packets.UDP;

import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.transparentproxy.VirtualNetwork;
import java.util.ArrayList;
import java.util.List;

/**
 * Captures what containers and virtual machines of the host open. Its jumps stand before the rules
 * of Docker and the like, which would take the connections first.
 */
final class VirtualNetworkRules {

  private static final Target RETURN = new Target.Return();
  private static final Target TO_CHAIN = new Target.Jump(SLUICE_VNET);

  private final RedirectSettings settings;
  private final IpFamily family;
  private final DnsRules dns;

  VirtualNetworkRules(RedirectSettings settings, IpFamily family, DnsRules dns) {
    this.settings = settings;
    this.family = family;
    this.dns = dns;
  }

  /** Whether the family has such networks. */
  boolean exist() {
    return !settings.interfaces(family).isEmpty();
  }

  void addTo(TableBuilder nat) {
    if (!exist()) {
      return;
    }
    for (String name : settings.interfaces(family)) {
      if (dns.capture()) {
        nat.jump(
            PREROUTING,
            new Rule(
                List.of(new Match.InInterface(name), UDP, TO_DNS),
                TO_CHAIN,
                "DNS questions from the virtual network " + name,
                Settings.NETWORKS,
                Place.FIRST));
      }
      List<Match> matches = new ArrayList<>(List.of(new Match.InInterface(name)));
      matches.addAll(Packets.newConnection());
      nat.jump(
          PREROUTING,
          new Rule(
              matches,
              TO_CHAIN,
              "new connections from the virtual network " + name,
              Settings.NETWORKS,
              Place.FIRST));
    }
    nat.add(SLUICE_VNET, rules());
  }

  void addZonesTo(TableBuilder raw) {
    if (!exist()) {
      return;
    }
    for (String name : settings.interfaces(family)) {
      raw.jump(
          PREROUTING,
          new Rule(
              List.of(new Match.InInterface(name), UDP, TO_DNS),
              TO_CHAIN,
              "DNS questions from the virtual network " + name,
              Settings.NETWORKS));
    }
    raw.add(SLUICE_VNET, dns.zoned());
  }

  private List<Rule> rules() {
    List<Rule> rules = new ArrayList<>(LogRules.of(settings.log(), "sluice vnet: "));
    rules.addAll(dns.captured());
    rules.addAll(Packets.linkLocalPasses(family));
    rules.addAll(InboundRules.protectedPorts(settings.inbound(), new Match.LocalDestination()));
    for (VirtualNetwork network : settings.networks(family)) {
      rules.add(
          new Rule(
              List.of(
                  new Match.InInterface(network.interfaceName()),
                  new Match.Destination(network.network())),
              RETURN,
              "what stays in the virtual network " + network + " is direct",
              Settings.NETWORKS));
    }
    rules.add(
        new Rule(
            Packets.all(TCP),
            new Target.Jump(SLUICE_OUTBOUND_REDIRECT),
            "connections out of a virtual network",
            Settings.NETWORKS));
    return rules;
  }
}
