package io.sluice.resources.dataplane;

import io.sluice.resources.net.HostPort;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.validation.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the proxy takes connections, found by where one dials. A document may have thousands of
 * inbounds, so no look-up goes through them all.
 */
final class BoundListeners {

  private final LocalAddresses local;
  private final Map<HostPort, Path> byPlace = new HashMap<>();
  private final Map<Integer, Path> onAllAddresses = new HashMap<>();
  private final Map<Integer, Path> onAnyAddress = new HashMap<>();

  BoundListeners(LocalAddresses local) {
    this.local = local;
  }

  void add(HostPort place, Path by) {
    HostPort canonical = place.canonical();
    byPlace.putIfAbsent(canonical, by);
    onAnyAddress.putIfAbsent(place.port(), by);
    if (isWildcard(canonical)) {
      onAllAddresses.putIfAbsent(place.port(), by);
    }
  }

  /**
   * Whose listener a connection reaches. A wildcard stands for every address of the host, on either
   * side.
   */
  Optional<Path> reachedFrom(HostPort dialled) {
    HostPort canonical = dialled.canonical();
    Path same = byPlace.get(canonical);
    if (same != null) {
      return Optional.of(same);
    }
    if (isWildcard(canonical)) {
      return Optional.ofNullable(onAnyAddress.get(dialled.port()));
    }
    return local.contains(dialled.address())
        ? Optional.ofNullable(onAllAddresses.get(dialled.port()))
        : Optional.empty();
  }

  private static boolean isWildcard(HostPort canonical) {
    return IpAddress.parse(canonical.address()).filter(IpAddress::isWildcard).isPresent();
  }
}
