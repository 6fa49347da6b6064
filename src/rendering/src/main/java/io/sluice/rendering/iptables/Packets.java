package io.sluice.rendering.iptables;

import io.sluice.rendering.settings.IpFamily;
import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.net.PortRange;
import io.sluice.resources.transparentproxy.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Conditions that many rules have, by the words in which docs/rendering.md speaks of them. */
final class Packets {

  static final Match TCP = new Match.Protocol(Transport.TCP);
  static final Match UDP = new Match.Protocol(Transport.UDP);

  /** The primary group of all our processes: what they send is never captured. */
  static final Match OURS = new Match.OwnerGroup("sluice");

  static final Match NOT_OURS = new Match.Not(new Match.OwnerGroup("sluice"));
  static final Match ON_LOOPBACK = new Match.OutInterface("lo");
  static final Match TO_DNS = new Match.DestinationPorts(PortRange.of(53));

  private static final Cidr LINK_LOCAL = Cidr.parse("fe80::/10").orElseThrow();

  private Packets() {}

  /** Conditions in a row. */
  static List<Match> all(Match... matches) {
    return List.of(matches);
  }

  /** The first packet of a TCP connection. */
  static List<Match> newConnection(Match... more) {
    List<Match> matches = new ArrayList<>(List.of(TCP, new Match.Syn()));
    matches.addAll(Arrays.asList(more));
    return matches;
  }

  /** A TCP packet to some ports. */
  static List<Match> tcpTo(PortRange ports, Match... more) {
    List<Match> matches = new ArrayList<>(List.of(TCP, new Match.DestinationPorts(ports)));
    matches.addAll(Arrays.asList(more));
    return matches;
  }

  /** A packet to one address. */
  static Match.Destination to(IpAddress address) {
    return new Match.Destination(only(address));
  }

  /** A packet to the address on which programs of a host listen for each other. */
  static Match.Destination toLoopback(IpFamily family) {
    return to(IpAddress.parse(family.loopback()).orElseThrow());
  }

  /** A packet from one address. */
  static Match from(IpAddress address) {
    return new Match.Source(only(address));
  }

  /**
   * A link-local IPv6 address means a host only together with an interface, which a redirected
   * connection no longer has: it would never be answered.
   */
  static List<Rule> linkLocalPasses(IpFamily family) {
    return switch (family) {
      case V4 -> List.of();
      case V6 ->
          List.of(
              new Rule(
                  all(new Match.Destination(LINK_LOCAL)),
                  new Target.Return(),
                  "link-local connections lose their interface when redirected",
                  ""));
    };
  }

  private static Cidr only(IpAddress address) {
    return new Cidr(address, address.v6() ? 128 : 32);
  }
}
