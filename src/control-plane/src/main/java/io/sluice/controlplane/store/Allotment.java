package io.sluice.controlplane.store;

import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.net.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which addresses the hosts of a mesh get, one after the other. */
final class Allotment {

  private final String mesh;
  private final Map<String, VirtualAddress> known;
  private final AddressRange.Free ipv4;
  private final AddressRange.Free ipv6;

  /**
   * That of a mesh.
   *
   * @param known by host; released ones count as taken
   */
  Allotment(String mesh, Map<String, VirtualAddress> known, AddressRange ipv4, AddressRange ipv6) {
    this.mesh = mesh;
    this.known = known;
    Set<IpAddress> taken = new HashSet<>();
    known.values().forEach(each -> taken.addAll(List.of(each.ipv4(), each.ipv6())));
    this.ipv4 = ipv4.free(taken);
    this.ipv6 = ipv6.free(taken);
  }

  /** Those that the host has or had, else the lowest free ones; nothing if none are left. */
  Optional<VirtualAddress> of(String host) {
    VirtualAddress former = known.get(host);
    if (former != null) {
      return Optional.of(inUse(host, former.ipv4(), former.ipv6()));
    }
    Optional<IpAddress> v4 = ipv4.next();
    Optional<IpAddress> v6 = ipv6.next();
    return v4.isEmpty() || v6.isEmpty()
        ? Optional.empty()
        : Optional.of(inUse(host, v4.get(), v6.get()));
  }

  private VirtualAddress inUse(String host, IpAddress v4, IpAddress v6) {
    return new VirtualAddress(mesh, host, v4, v6, null);
  }
}
