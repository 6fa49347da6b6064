package io.sluice.rendering.iptables;

import static io.sluice.rendering.iptables.Chain.OUTPUT;
import static io.sluice.rendering.iptables.Chain.SLUICE_DNS;
import static io.sluice.rendering.iptables.Packets.OURS;
import static io.sluice.rendering.iptables.Packets.TCP;
import static io.sluice.rendering.iptables.Packets.TO_DNS;
import static io.sluice.rendering.iptables.Packets.UDP;

import io.sluice.rendering.settings.DnsCapture;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.net.PortRange;
import io.sluice.resources.transparentproxy.Transport;
import io.sluice.resources.transparentproxy.UidExclusion;
import io.sluice.resources.transparentproxy.UidRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Captures DNS questions, which are not only TCP connections.
 *
 * <p>Conntrack remembers a captured UDP question for half a minute by its addresses and ports. If
 * the resolver asks the same server from the same port in that time, its question is taken for
 * another packet of the captured one and comes back to itself. So captured questions and the
 * answers to them have a conntrack zone of their own, and all others stay in the usual one.
 */
final class DnsRules {

  private static final PortRange PORT = PortRange.of(53);
  private static final Target RETURN = new Target.Return();
  private static final Target TO_ZONE = new Target.Zone(2);

  private final RedirectSettings settings;
  private final IpFamily family;
  private final Optional<DnsCapture> dns;

  DnsRules(RedirectSettings settings, IpFamily family) {
    this.settings = settings;
    this.family = family;
    this.dns = settings.dns().filter(capture -> capture.captures(family));
  }

  /** Whether questions of the family are captured. */
  boolean capture() {
    return dns.isPresent();
  }

  /** Whether the table raw has rules. */
  boolean splitZones() {
    return dns.isPresent() && dns.get().splitsZones();
  }

  void addTo(TableBuilder nat) {
    if (dns.isEmpty()) {
      return;
    }
    nat.jump(OUTPUT, jump("DNS questions over UDP", Settings.DNS, List.of(UDP, TO_DNS)));
    nat.jump(OUTPUT, jump("DNS questions over TCP", Settings.DNS, Packets.newConnection(TO_DNS)));
    nat.add(SLUICE_DNS, LogRules.of(settings.log(), "sluice dns: "));
    nat.add(SLUICE_DNS, passing(List.of(Transport.UDP, Transport.TCP)));
    nat.add(SLUICE_DNS, excludedTcp());
    nat.add(SLUICE_DNS, captured(dns.get()));
  }

  void addZonesTo(TableBuilder raw) {
    PortRange answers = PortRange.of(dns.orElseThrow().port());
    List<Match> fromResolver = List.of(UDP, new Match.SourcePorts(answers));
    raw.jump(OUTPUT, last("answers of the resolver", fromResolver));
    raw.jump(OUTPUT, last("DNS questions over UDP", List.of(UDP, TO_DNS)));
    raw.add(
        SLUICE_DNS,
        List.of(
            new Rule(
                List.of(UDP, new Match.SourcePorts(answers), OURS),
                TO_ZONE,
                "an answer is in the zone of the captured question",
                Settings.DNS_ZONES)));
    raw.add(SLUICE_DNS, passing(List.of(Transport.UDP)));
    raw.add(SLUICE_DNS, zoned());
  }

  /** What becomes of questions that are captured, wherever they come from. */
  List<Rule> captured() {
    return dns.map(this::captured).orElse(List.of());
  }

  /** Puts questions that will be captured into their zone. */
  List<Rule> zoned() {
    return questions(UDP).stream()
        .map(
            question ->
                new Rule(
                    question,
                    TO_ZONE,
                    "a captured question has a conntrack zone apart from the resolver's own",
                    Settings.DNS_ZONES))
        .toList();
  }

  private List<Rule> captured(DnsCapture capture) {
    List<Rule> rules = new ArrayList<>();
    for (Match protocol : List.of(UDP, TCP)) {
      for (List<Match> question : questions(protocol)) {
        rules.add(
            new Rule(
                question,
                new Target.Redirect(capture.port()),
                "to the resolver of Sluice",
                Settings.DNS_CAPTURE_ALL));
      }
    }
    return rules;
  }

  private List<List<Match>> questions(Match protocol) {
    List<IpAddress> servers = dns.orElseThrow().servers(family);
    return servers.isEmpty()
        ? List.of(List.of(protocol, TO_DNS))
        : servers.stream().map(at -> List.of(Packets.to(at), protocol, TO_DNS)).toList();
  }

  /** Questions that go their own way; the same in both tables, or answers would be lost. */
  private List<Rule> passing(List<Transport> transports) {
    List<Rule> rules = new ArrayList<>();
    rules.add(
        new Rule(List.of(OURS), RETURN, "what processes of Sluice ask is never captured", ""));
    rules.add(
        new Rule(
            List.of(new Match.OwnerUser(settings.proxyUser())),
            RETURN,
            "what Envoy asks is never captured",
            Settings.PROXY_USER));
    for (UidExclusion exclusion : settings.outbound().excludedUsers()) {
      if (exclusion.ports().stream().anyMatch(ports -> ports.contains(PORT.first()))) {
        transports.forEach(transport -> rules.addAll(excludedUsers(exclusion, transport)));
      }
    }
    settings
        .excludedServers(family)
        .forEach(network -> rules.add(OutboundRules.excludedServer(network)));
    return rules;
  }

  private static List<Rule> excludedUsers(UidExclusion exclusion, Transport transport) {
    List<Rule> rules = new ArrayList<>();
    for (UidRange uids : OutboundRules.usersOf(exclusion, transport)) {
      rules.add(
          new Rule(
              List.of(new Match.Protocol(transport), new Match.OwnerUsers(uids)),
              RETURN,
              "questions of excluded user " + uids + " pass",
              Settings.EXCLUDED_USERS));
    }
    return rules;
  }

  /** As in Kuma, excluded ports are those of TCP connections: over UDP port 53 stays captured. */
  private List<Rule> excludedTcp() {
    RedirectSettings.Outbound outbound = settings.outbound();
    boolean excluded =
        outbound.includePorts().isEmpty()
            && outbound.excludePorts().stream().anyMatch(ports -> ports.contains(PORT.first()));
    return excluded
        ? List.of(
            new Rule(
                Packets.tcpTo(PORT),
                RETURN,
                "connections to excluded port 53 pass",
                Settings.OUTBOUND_EXCLUDE))
        : List.of();
  }

  private static Rule jump(String reason, String setting, List<Match> matches) {
    return new Rule(matches, new Target.Jump(SLUICE_DNS), reason, setting, Place.FIRST);
  }

  private static Rule last(String reason, List<Match> matches) {
    return new Rule(matches, new Target.Jump(SLUICE_DNS), reason, Settings.DNS_ZONES);
  }
}
