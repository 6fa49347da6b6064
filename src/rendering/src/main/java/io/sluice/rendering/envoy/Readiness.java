package io.sluice.rendering.envoy;

import static io.envoyproxy.envoy.config.core.v3.TrafficDirection.INBOUND;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.net.HostPort;

/**
 * What {@code networking.admin.port} opens on the host's address: {@code GET /ready}, and nothing
 * else of Envoy's admin API. The API itself is a Unix socket.
 */
final class Readiness {

  private final Networking networking;

  Readiness(Networking networking) {
    this.networking = networking;
  }

  void writeTo(EnvoyFiles files) {
    Networking.Admin admin = networking.admin();
    Integer port = admin == null ? null : admin.port();
    if (port == null) {
      return;
    }
    ResourceName name = ResourceName.ADMIN;
    IpLiteral address =
        ListenerAddresses.parse(
            "networking.address",
            networking.address(),
            "make it resolve where the control plane runs, give an IP address, or leave networking.admin.port out");
    files.listener(
        name,
        Listeners.bound(
            name,
            INBOUND,
            new HostPort(address.text(), port),
            Filters.http(Filters.connectionManager(name.stat(), routes(), Timeouts.INBOUND))));
    files.cluster(name, Clusters.fixed(name, Addresses.pipe(Bootstraps.ADMIN_SOCKET)));
  }

  private static VirtualHost routes() {
    return VirtualHost.newBuilder()
        .setName(ResourceName.ADMIN.name())
        .addDomains("*")
        .addRoutes(
            Route.newBuilder()
                .setMatch(
                    RouteMatch.newBuilder()
                        .setPath("/ready")
                        .addHeaders(
                            HeaderMatcher.newBuilder()
                                .setName(":method")
                                .setStringMatch(StringMatcher.newBuilder().setExact("GET"))))
                .setRoute(RouteAction.newBuilder().setCluster(ResourceName.ADMIN.name())))
        .build();
  }
}
