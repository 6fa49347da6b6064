package io.sluice.rendering.envoy;

import static io.envoyproxy.envoy.config.core.v3.TrafficDirection.OUTBOUND;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.sluice.rendering.services.Endpoint;
import io.sluice.rendering.services.Sight;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.net.HostPort;
import java.util.List;
import java.util.Set;

/**
 * Reaching other dataplanes at their own addresses, as {@code directAccessServices} asks for: for
 * each of their inbounds a listener that gets what was captured on the way there, and passes it on.
 */
final class DirectAccess {

  private DirectAccess() {}

  /**
   * Where others take connections directly.
   *
   * @param taken what the dataplane has for itself, and is not to be captured for others
   */
  static List<HostPort> places(
      Sight sight, Dataplane dataplane, RedirectSettings settings, Set<HostPort> taken) {
    return sight.direct().stream()
        .filter(endpoint -> !endpoint.dataplane().equals(dataplane.name()))
        .map(Endpoint::place)
        .filter(place -> !taken.contains(place))
        .filter(
            place ->
                IpLiteral.parse(place.address())
                    .filter(address -> settings.captures(address.family()))
                    .isPresent())
        .distinct()
        .toList();
  }

  static Listener listener(HostPort at) {
    ResourceName name = ResourceName.direct(at);
    return Listeners.unbound(
        name, OUTBOUND, at, Filters.tcp(name.stat(), ResourceName.DIRECT, Timeouts.OUTBOUND));
  }

  static Cluster cluster() {
    return Clusters.originalDestination(ResourceName.DIRECT, Timeouts.OUTBOUND).build();
  }
}
