package io.sluice.controlplane.store;

import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.IpAddress;
import java.util.Optional;
import java.util.Set;

/** Addresses that can be given away, all but the first and the last of a network. */
public record AddressRange(Cidr network) {

  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;

  /** More are never counted, whatever the size of an IPv6 network. */
  private static final int COUNTED_BITS = 62;

  /** How many there are. */
  public long size() {
    int bits = (network.v6() ? V6_BITS : V4_BITS) - network.prefix();
    return Math.max(0, (1L << Math.min(bits, COUNTED_BITS)) - 2);
  }

  /** Gives away what is not taken yet, the lowest first. */
  Free free(Set<IpAddress> taken) {
    return new Free(taken);
  }

  /** The way through a range. */
  final class Free {

    private final Set<IpAddress> taken;
    private long last;

    private Free(Set<IpAddress> taken) {
      this.taken = taken;
    }

    /** The next one; nothing if all are taken. */
    Optional<IpAddress> next() {
      while (last < size()) {
        last++;
        IpAddress address = at(last);
        if (!taken.contains(address)) {
          return Optional.of(address);
        }
      }
      return Optional.empty();
    }
  }

  private IpAddress at(long offset) {
    IpAddress first = network.address();
    return new IpAddress(first.v6(), first.high(), first.low() + offset);
  }
}
