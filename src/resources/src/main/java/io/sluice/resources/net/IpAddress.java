package io.sluice.resources.net;

import io.sluice.resources.shape.WrittenAs;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IP address by its value, so that all spellings of one address are equal. An IPv4-mapped IPv6
 * address is the IPv4 address. Nothing here ever asks a name server.
 *
 * @param v6 whether it is an IPv6 address
 * @param high the upper 64 bits of an IPv6 address
 * @param low the lower 64 bits, or the 32 bits of an IPv4 address
 */
@WrittenAs("an IP address")
public record IpAddress(boolean v6, long high, long low) {

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,2}");

  /** The address that a text spells, without brackets and zone; empty if it spells none. */
  public static Optional<IpAddress> parse(String text) {
    return text.indexOf(':') >= 0 ? Ipv6Text.parse(text) : parseV4(text);
  }

  /** Four decimal numbers; leading zeros are refused, as readers disagree on what they mean. */
  static Optional<IpAddress> parseV4(String text) {
    if (text.length() > 15) {
      return Optional.empty();
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    long value = 0;
    for (String part : parts) {
      if (!NUMBER.matcher(part).matches() || Integer.parseInt(part) > 255) {
        return Optional.empty();
      }
      value = value << 8 | Integer.parseInt(part);
    }
    return Optional.of(new IpAddress(false, 0, value));
  }

  /** 127.0.0.0/8 or ::1. */
  public boolean isLoopback() {
    return v6 ? high == 0 && low == 1 : low >>> 24 == 127;
  }

  /** 0.0.0.0 or ::, which stands for every address of the host. */
  public boolean isWildcard() {
    return high == 0 && low == 0;
  }

  /** An address of a group, or IPv4's broadcast address: nothing listens there alone. */
  public boolean isGroup() {
    return v6 ? high >>> 56 == 0xff : low >>> 28 == 0xe || low == 0xffffffffL;
  }

  /** Whether it can be one other host's: neither a wildcard nor loopback nor a group. */
  public boolean isOfAnotherHost() {
    return !isWildcard() && !isLoopback() && !isGroup();
  }

  /** The one canonical spelling: dotted decimal, or RFC 5952. */
  @Override
  public String toString() {
    return v6
        ? Ipv6Text.write(high, low)
        : (low >>> 24 & 255)
            + "."
            + (low >>> 16 & 255)
            + "."
            + (low >>> 8 & 255)
            + "."
            + (low & 255);
  }
}
