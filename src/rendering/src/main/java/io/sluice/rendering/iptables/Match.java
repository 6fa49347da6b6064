package io.sluice.rendering.iptables;

import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.PortRange;
import io.sluice.resources.transparentproxy.Transport;
import io.sluice.resources.transparentproxy.UidRange;

/** One condition of a rule. */
public sealed interface Match {

  /** A packet of a protocol with ports. Conditions on ports come after it. */
  record Protocol(Transport transport) implements Match {}

  /**
   * The first packet of a TCP connection. A packet in the middle of one counts as new to conntrack
   * when conntrack was off until now, and redirecting it would reset the connection.
   */
  record Syn() implements Match {}

  /** A packet to one of some ports. */
  record DestinationPorts(PortRange ports) implements Match {}

  /** A packet from one of some ports. */
  record SourcePorts(PortRange ports) implements Match {}

  /** A packet from a network. */
  record Source(Cidr network) implements Match {}

  /** A packet to a network. */
  record Destination(Cidr network) implements Match, Negatable {}

  /** A packet to an address that the host has itself. */
  record LocalDestination() implements Match, Negatable {}

  /**
   * A packet that came in by an interface.
   *
   * @param name a {@code +} at its end stands for all that begin so
   */
  record InInterface(String name) implements Match {}

  /** A packet that leaves by an interface. */
  record OutInterface(String name) implements Match {}

  /** A packet of a process of this user, by name or UID. */
  record OwnerUser(String user) implements Match {}

  /** A packet of a process of one of these users. */
  record OwnerUsers(UidRange uids) implements Match {}

  /** A packet of a process with this primary group, by name or GID. */
  record OwnerGroup(String group) implements Match, Negatable {}

  /** A packet of which conntrack says that it belongs to no connection. */
  record Invalid() implements Match {}

  /** The opposite of a condition. */
  record Not(Negatable match) implements Match {}

  /** A condition whose opposite iptables can express and we need. */
  sealed interface Negatable permits Destination, LocalDestination, OwnerGroup {}
}
