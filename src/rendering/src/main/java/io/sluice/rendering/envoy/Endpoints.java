package io.sluice.rendering.envoy;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.sluice.rendering.bundle.Digest;
import io.sluice.resources.net.HostPort;
import java.util.List;

/** Endpoints of clusters, in the form in which Envoy reads them from a file. */
final class Endpoints {

  private static final int VERSION_LENGTH = 16;

  private Endpoints() {}

  /** A cluster with one endpoint. */
  static DiscoveryResponse one(ResourceName cluster, Address address) {
    return response(
        ClusterLoadAssignment.newBuilder()
            .setClusterName(cluster.name())
            .addEndpoints(at(address))
            .build());
  }

  /** A service's cluster. Without endpoints its requests are answered with 503 at once. */
  static DiscoveryResponse all(ResourceName cluster, List<HostPort> endpoints) {
    ClusterLoadAssignment.Builder assignment =
        ClusterLoadAssignment.newBuilder().setClusterName(cluster.name());
    if (!endpoints.isEmpty()) {
      LocalityLbEndpoints.Builder locality = assignment.addEndpointsBuilder();
      endpoints.forEach(each -> locality.addLbEndpoints(endpoint(Addresses.tcp(each))));
    }
    return response(assignment.build());
  }

  static LocalityLbEndpoints at(Address address) {
    return LocalityLbEndpoints.newBuilder().addLbEndpoints(endpoint(address)).build();
  }

  private static LbEndpoint endpoint(Address address) {
    return LbEndpoint.newBuilder().setEndpoint(Endpoint.newBuilder().setAddress(address)).build();
  }

  private static DiscoveryResponse response(ClusterLoadAssignment assignment) {
    Any resource = Any.pack(assignment);
    return DiscoveryResponse.newBuilder()
        .setVersionInfo(Digest.of(assignment.toByteArray()).hex().substring(0, VERSION_LENGTH))
        .addResources(resource)
        .setTypeUrl(resource.getTypeUrl())
        .build();
  }
}
