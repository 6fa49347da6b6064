package io.sluice.resources.net;

import java.util.Comparator;

/**
 * An address (an IP address, or for dialling a DNS name) and a port.
 *
 * @param address as the operator wrote it, without brackets
 * @param port 1 to 65535
 */
public record HostPort(String address, int port) implements Comparable<HostPort> {

  /** The same place with the one canonical spelling of its address. */
  public HostPort canonical() {
    return new HostPort(HostName.canonical(address), port);
  }

  @Override
  public int compareTo(HostPort other) {
    return Comparator.comparing(HostPort::address)
        .thenComparingInt(HostPort::port)
        .compare(this, other);
  }

  /** The usual text form, with brackets around an IPv6 address. */
  @Override
  public String toString() {
    return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
  }
}
