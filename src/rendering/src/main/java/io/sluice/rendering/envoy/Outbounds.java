package io.sluice.rendering.envoy;

import static io.envoyproxy.envoy.config.core.v3.TrafficDirection.OUTBOUND;

import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.dataplane.Outbound;
import io.sluice.resources.dataplane.Protocol;
import io.sluice.resources.net.HostPort;

/**
 * The outbounds that a dataplane declares: for each a bound listener, in both modes, and the
 * cluster of its service, which has no endpoints yet.
 */
final class Outbounds {

  private final Networking networking;

  Outbounds(Networking networking) {
    this.networking = networking;
  }

  void writeTo(EnvoyFiles files) {
    for (int i = 0; i < networking.outbound().size(); i++) {
      write(files, networking.outbound().get(i), "networking.outbound[%d].address".formatted(i));
    }
  }

  private static void write(EnvoyFiles files, Outbound outbound, String field) {
    HostPort declared = outbound.listener();
    HostPort listener =
        new HostPort(
            ListenerAddresses.parse(field, declared.address(), "give an IP address").text(),
            declared.port());
    ResourceName name = ResourceName.outbound(listener);
    // A reference to a real service has no tags to name the cluster by.
    ResourceName cluster =
        outbound.backendRef() == null ? ResourceName.service(outbound.tags()) : name;
    // Without a tag it stays TCP: only a service's endpoints could tell.
    Protocol protocol = Protocol.of(outbound.tags().get(Inbound.PROTOCOL_TAG));
    files.listener(
        name,
        Listeners.bound(
            name,
            OUTBOUND,
            listener,
            Filters.of(protocol, name.stat(), cluster, Timeouts.OUTBOUND)));
    files.cluster(cluster, Clusters.service(cluster, protocol));
    files.endpoints(cluster, Endpoints.none(cluster));
  }
}
