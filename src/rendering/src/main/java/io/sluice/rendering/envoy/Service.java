package io.sluice.rendering.envoy;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.sluice.rendering.services.Destination;
import io.sluice.rendering.services.Endpoint;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Protocol;
import io.sluice.resources.net.HostPort;
import java.util.List;

/**
 * A destination as Envoy knows it.
 *
 * @param name of the cluster and its endpoints
 * @param endpoints what is dialled, sorted
 */
record Service(ResourceName name, Protocol protocol, List<HostPort> endpoints) {

  static Service of(Destination destination) {
    return new Service(
        ResourceName.service(destination.tags()),
        protocol(destination),
        destination.endpoints().stream().map(Endpoint::place).toList());
  }

  /** Whoever asks for a protocol gets only endpoints that speak it. */
  private static Protocol protocol(Destination destination) {
    String asked = destination.tags().get(Inbound.PROTOCOL_TAG);
    return asked == null ? destination.protocol() : Protocol.of(asked);
  }

  Cluster cluster() {
    return Clusters.service(name, protocol);
  }

  DiscoveryResponse assignment() {
    return Endpoints.all(name, endpoints);
  }
}
