package io.sluice.rendering.envoy;

import static io.envoyproxy.envoy.config.core.v3.TrafficDirection.OUTBOUND;

import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.Probe;
import io.sluice.resources.net.HostPort;

/**
 * Answers the agent's probe with 204. It is not bound: only a connection that the kernel has
 * redirected gets here, through the outbound catch-all.
 */
final class ProbeListener {

  private ProbeListener() {}

  static void writeTo(EnvoyFiles files, IpFamily family) {
    ResourceName name = ResourceName.probe(family);
    VirtualHost routes =
        VirtualHost.newBuilder()
            .setName(name.name())
            .addDomains("*")
            .addRoutes(
                Route.newBuilder()
                    .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                    .setDirectResponse(DirectResponseAction.newBuilder().setStatus(204)))
            .build();
    files.listener(
        name,
        Listeners.unbound(
            name,
            OUTBOUND,
            new HostPort(family.passthroughSource(), Probe.PORT),
            Filters.http(Filters.connectionManager(name.stat(), routes, Timeouts.OUTBOUND))));
  }
}
