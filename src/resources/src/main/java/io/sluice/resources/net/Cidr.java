package io.sluice.resources.net;

import io.sluice.resources.shape.WrittenAs;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A network of IP addresses. An address alone is a network of one. Bits beyond the prefix are zero,
 * so that all spellings of one network are equal.
 *
 * @param address the lowest address
 * @param prefix how many leading bits are fixed: at most 32 for IPv4, 128 for IPv6
 */
@WrittenAs("an IP address or a network such as 10.0.0.0/8 or fd00::/8")
public record Cidr(IpAddress address, int prefix) implements Comparable<Cidr> {

  private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;

  /**
   * Clears the bits beyond the prefix.
   *
   * @throws IllegalArgumentException if the prefix is longer than the address
   */
  public Cidr {
    if (prefix < 0 || prefix > bits(address)) {
      throw new IllegalArgumentException("no prefix of " + address + ": " + prefix);
    }
    address =
        address.v6()
            ? new IpAddress(
                true, masked(address.high(), prefix), masked(address.low(), prefix - 64))
            : new IpAddress(false, 0, masked(address.low() << 32, prefix) >>> 32);
  }

  /** The network that a text spells; empty if it spells none. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    Optional<IpAddress> address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
    if (slash < 0) {
      return address.map(host -> new Cidr(host, bits(host)));
    }
    String prefix = text.substring(slash + 1);
    // An IPv4-mapped network has a prefix in IPv6's count, so it is not taken for an IPv4 one.
    return address
        .filter(host -> host.v6() == (text.indexOf(':') >= 0))
        .filter(host -> PREFIX.matcher(prefix).matches() && Integer.parseInt(prefix) <= bits(host))
        .map(host -> new Cidr(host, Integer.parseInt(prefix)));
  }

  /** Whether the network is one of IPv6. */
  public boolean v6() {
    return address.v6();
  }

  /** Whether an address lies in the network. */
  public boolean contains(IpAddress other) {
    return other.v6() == v6() && new Cidr(other, prefix).equals(this);
  }

  @Override
  public int compareTo(Cidr other) {
    return Comparator.comparing(Cidr::v6)
        .thenComparing(cidr -> cidr.address.high(), Long::compareUnsigned)
        .thenComparing(cidr -> cidr.address.low(), Long::compareUnsigned)
        .thenComparingInt(Cidr::prefix)
        .compare(this, other);
  }

  /** The form with a prefix, in which the kernel's rules are shown too. */
  @Override
  public String toString() {
    return address + "/" + prefix;
  }

  private static int bits(IpAddress address) {
    return address.v6() ? V6_BITS : V4_BITS;
  }

  /** The first bits of 64; a count below 0 or above 64 means none or all. */
  private static long masked(long value, int count) {
    if (count <= 0) {
      return 0;
    }
    return count >= 64 ? value : value & (-1L << (64 - count));
  }
}
