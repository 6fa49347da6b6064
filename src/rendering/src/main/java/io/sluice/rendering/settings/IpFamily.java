package io.sluice.rendering.settings;

import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.IpAddress;

/** An address family; the kernel's rules and Envoy's catch-all listeners are separate for each. */
public enum IpFamily {
  V4("127.0.0.1", "127.0.0.6", "0.0.0.0"),
  V6("::1", "::6", "::");

  private final String loopback;
  private final String passthroughSource;
  private final String wildcard;

  IpFamily(String loopback, String passthroughSource, String wildcard) {
    this.loopback = loopback;
    this.passthroughSource = passthroughSource;
    this.wildcard = wildcard;
  }

  /** The loopback address that applications listen on. */
  public String loopback() {
    return loopback;
  }

  /** The address from which Envoy dials the applications beside it, so that rules know it. */
  public String passthroughSource() {
    return passthroughSource;
  }

  /** Whether an address is one of the family. */
  public boolean has(IpAddress address) {
    return address.v6() == (this == V6);
  }

  /** Whether a network is one of the family. */
  public boolean has(Cidr network) {
    return has(network.address());
  }

  /** The one of a name's addresses that belongs to the family. */
  public IpAddress of(VirtualAddress address) {
    return this == V4 ? address.ipv4() : address.ipv6();
  }

  /** The address that stands for all of the family. */
  public String wildcard() {
    return wildcard;
  }
}
