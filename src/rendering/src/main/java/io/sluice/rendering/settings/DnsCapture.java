package io.sluice.rendering.settings;

import io.sluice.resources.net.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * DNS questions of the host's programs, which the resolver beside Envoy answers.
 *
 * @param port where the resolver takes them
 * @param servers the servers to whom questions are captured; absent when all are, wherever they go
 * @param splitsZones whether conntrack keeps captured questions apart from the resolver's own
 */
public record DnsCapture(int port, Optional<List<IpAddress>> servers, boolean splitsZones) {

  /** Whether questions of a family are captured. */
  public boolean captures(IpFamily family) {
    return servers.isEmpty() || !servers(family).isEmpty();
  }

  /** The servers of a family; empty when all questions are captured. */
  public List<IpAddress> servers(IpFamily family) {
    return servers.stream()
        .flatMap(List::stream)
        .filter(server -> family.has(server))
        .sorted(java.util.Comparator.comparing(IpAddress::toString))
        .distinct()
        .toList();
  }
}
