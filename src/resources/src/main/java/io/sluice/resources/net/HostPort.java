package io.sluice.resources.net;

/**
 * An address (an IP address, or for dialling a DNS name) and a port.
 *
 * @param address as the operator wrote it, without brackets
 * @param port 1 to 65535
 */
public record HostPort(String address, int port) {

  /** The usual text form, with brackets around an IPv6 address. */
  @Override
  public String toString() {
    return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
  }
}
