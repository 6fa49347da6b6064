package io.sluice.rendering.iptables;

/** One condition of a rule. */
public sealed interface Match {

  /** A TCP packet. */
  record Tcp() implements Match {}

  /**
   * The first packet of a TCP connection. A packet in the middle of one counts as new to conntrack
   * when conntrack was off until now, and redirecting it would reset the connection.
   */
  record TcpSyn() implements Match {}

  /** A TCP packet to a port. */
  record TcpDestinationPort(int port) implements Match {

    /** Refuses what is no port. */
    public TcpDestinationPort {
      Ports.check(port);
    }
  }

  /** A packet from a network, in CIDR notation. */
  record Source(String network) implements Match {}

  /** A packet to a network, in CIDR notation. */
  record Destination(String network) implements Match, Negatable {}

  /** A packet that leaves by an interface. */
  record OutInterface(String name) implements Match {}

  /** A packet of a process of this user, by name or UID. */
  record OwnerUser(String user) implements Match {}

  /** A packet of a process with this primary group, by name or GID. */
  record OwnerGroup(String group) implements Match, Negatable {}

  /** The opposite of a condition. */
  record Not(Negatable match) implements Match {}

  /** A condition whose opposite iptables can express and we need. */
  sealed interface Negatable permits Destination, OwnerGroup {}
}
