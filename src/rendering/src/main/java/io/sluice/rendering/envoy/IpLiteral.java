package io.sluice.rendering.envoy;

import io.sluice.rendering.settings.IpFamily;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * An IP address in its one canonical text form: IPv6 as in RFC 5952, an IPv4-mapped address as the
 * IPv4 address that it is to the kernel.
 */
record IpLiteral(String text, IpFamily family) {

  /** The address that a text spells, or nothing for a name. Nothing is ever looked up. */
  static Optional<IpLiteral> parse(String text) {
    // An address with a zone would be looked up among the interfaces of the control plane's host.
    if (text.indexOf('%') >= 0) {
      return Optional.empty();
    }
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
    return Optional.of(
        address instanceof Inet4Address
            ? new IpLiteral(address.getHostAddress(), IpFamily.V4)
            : new IpLiteral(compressed(address.getAddress()), IpFamily.V6));
  }

  /** Whether it is the one address of its family that stands for this host and no other. */
  boolean isLoopback() {
    return text.equals(family.loopback());
  }

  /** Whether it stands for all addresses of its family. */
  boolean isWildcard() {
    return text.equals(family.wildcard());
  }

  private static String compressed(byte[] address) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = Byte.toUnsignedInt(address[2 * i]) << 8 | Byte.toUnsignedInt(address[2 * i + 1]);
    }
    int start = 0;
    int length = 0;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    return length < 2
        ? joined(groups, 0, 8)
        : joined(groups, 0, start) + "::" + joined(groups, start + length, 8);
  }

  private static String joined(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
