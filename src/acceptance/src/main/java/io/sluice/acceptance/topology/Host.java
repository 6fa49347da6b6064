package io.sluice.acceptance.topology;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A host of the topology.
 *
 * @param name what it is called in what people read
 */
public record Host(String name, NetworkNamespace namespace, InetAddress ipv4, InetAddress ipv6) {

  /** Its IPv4 address with a port. */
  public InetSocketAddress ipv4(int port) {
    return new InetSocketAddress(ipv4, port);
  }

  /** Its IPv6 address with a port. */
  public InetSocketAddress ipv6(int port) {
    return new InetSocketAddress(ipv6, port);
  }

  /** The name by which the topology's hosts file has it. */
  public String dnsName() {
    return name + ".example";
  }

  @Override
  public String toString() {
    return name;
  }
}
