package io.sluice.resources.dataplane;

import io.sluice.resources.net.HostName;
import io.sluice.resources.net.HostPort;
import io.sluice.resources.net.IpAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a dataplane's document tells about the addresses of its host, in canonical form: whether a
 * connection to one place arrives at a listener on another.
 */
final class LocalAddresses {

  private final Set<String> known = new HashSet<>();

  LocalAddresses(Networking networking) {
    known.add(HostName.canonical(networking.address()));
    if (networking.advertisedAddress() != null) {
      known.add(HostName.canonical(networking.advertisedAddress()));
    }
    for (Inbound inbound : networking.inbound()) {
      known.add(HostName.canonical(networking.listener(inbound).address()));
    }
  }

  /** Whether an address is one of the host's, as far as the document tells. */
  boolean contains(String address) {
    Optional<IpAddress> ip = IpAddress.parse(HostName.canonical(address));
    return known.contains(HostName.canonical(address))
        || ip.filter(each -> each.isLoopback() || each.isWildcard()).isPresent();
  }

  /**
   * Whether dialling the one place reaches a listener on the other. A wildcard stands for every
   * address of the host, on either side.
   */
  boolean reaches(HostPort dialled, HostPort listener) {
    if (dialled.port() != listener.port() || !Ports.isPort(dialled.port())) {
      return false;
    }
    if (dialled.canonical().equals(listener.canonical())) {
      return true;
    }
    return (isWildcard(listener) && contains(dialled.address()))
        || (isWildcard(dialled) && contains(listener.address()));
  }

  private static boolean isWildcard(HostPort place) {
    return IpAddress.parse(place.address()).filter(IpAddress::isWildcard).isPresent();
  }
}
