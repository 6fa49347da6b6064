package io.sluice.rendering.iptables;

import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules that hand a host's connections to Envoy and its DNS questions to the resolver. What
 * each of them closes or lets pass is explained in docs/rendering.md.
 */
public final class RedirectRules {

  /** The rules of one address family, in the order in which packets meet the tables. */
  public List<RuleSet> rules(RedirectSettings settings, IpFamily family) {
    DnsRules dns = new DnsRules(settings, family);
    VirtualNetworkRules networks = new VirtualNetworkRules(settings, family, dns);
    List<RuleSet> tables = new ArrayList<>();
    if (dns.splitZones()) {
      TableBuilder raw = new TableBuilder(Table.RAW);
      dns.addZonesTo(raw);
      networks.addZonesTo(raw);
      tables.add(raw.build());
    }
    if (settings.dropInvalidPackets()) {
      tables.add(InvalidPacketRules.of(settings.log()));
    }
    TableBuilder nat = new TableBuilder(Table.NAT);
    networks.addTo(nat);
    dns.addTo(nat);
    new InboundRules(settings, family).addTo(nat);
    new OutboundRules(settings, family).addTo(nat);
    tables.add(nat.build());
    return List.copyOf(tables);
  }
}
