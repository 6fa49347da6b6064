package io.sluice.resources.host;

import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.shape.WrittenAs;
import java.util.Optional;

/**
 * An address of a host, with the network that is reached through its interface.
 *
 * @param address the host's own
 * @param network the addresses beside it
 */
@WrittenAs("an address and its prefix, such as 10.0.0.5/24")
public record InterfaceAddress(IpAddress address, Cidr network) {

  /** The address that a text spells; empty if it spells none. */
  public static Optional<InterfaceAddress> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    return IpAddress.parse(text.substring(0, slash))
        .flatMap(
            address -> Cidr.parse(text).map(network -> new InterfaceAddress(address, network)));
  }

  @Override
  public String toString() {
    return address + "/" + network.prefix();
  }
}
