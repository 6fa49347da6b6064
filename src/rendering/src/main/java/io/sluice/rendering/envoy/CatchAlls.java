package io.sluice.rendering.envoy;

import static io.envoyproxy.envoy.config.core.v3.TrafficDirection.INBOUND;
import static io.envoyproxy.envoy.config.core.v3.TrafficDirection.OUTBOUND;

import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.mesh.Mesh;
import java.util.List;

/**
 * The listeners to which the kernel redirects, one for each direction and address family. A single
 * {@code ::} listener for both families would lose IPv4 when Envoy takes over a socket that serves
 * IPv6 alone.
 */
final class CatchAlls {

  private static final String OTHERWISE = "otherwise";

  private final Mesh mesh;
  private final RedirectSettings settings;
  private final Inbounds inbounds;

  CatchAlls(Mesh mesh, RedirectSettings settings, Inbounds inbounds) {
    this.mesh = mesh;
    this.settings = settings;
    this.inbounds = inbounds;
  }

  void writeTo(EnvoyFiles files) {
    files.cluster(ResourceName.BLACKHOLE, Clusters.blackhole());
    for (IpFamily family : settings.families()) {
      inbound(files, family);
      outbound(files, family);
      ProbeListener.writeTo(files, family);
    }
  }

  private void inbound(EnvoyFiles files, IpFamily family) {
    ResourceName name = ResourceName.inboundPassthrough(family);
    ResourceName listener =
        name.onPort(settings.inbound().port(), RedirectSettings.USUAL_INBOUND_PORT);
    files.listener(
        listener,
        Listeners.catchAll(
            listener,
            INBOUND,
            family,
            settings,
            inbounds.onAllAddresses(family),
            Listeners.toAll(OTHERWISE, Filters.tcp(name.stat(), name, Timeouts.INBOUND))));
    files.cluster(
        name,
        Clusters.originalDestination(name, Timeouts.INBOUND)
            .setUpstreamBindConfig(Clusters.passthroughSource(family))
            .build());
  }

  private void outbound(EnvoyFiles files, IpFamily family) {
    ResourceName name = ResourceName.outboundPassthrough(family);
    FilterChain otherwise;
    if (mesh.passthrough()) {
      files.cluster(name, Clusters.originalDestination(name, Timeouts.OUTBOUND).build());
      otherwise = Listeners.toAll(OTHERWISE, Filters.tcp(name.stat(), name, Timeouts.OUTBOUND));
    } else {
      otherwise =
          Listeners.toAll(
              EnvoyResources.PASSTHROUGH_OFF,
              Filters.refused(name.stat() + "_refused", ResourceName.BLACKHOLE, Timeouts.OUTBOUND));
    }
    ResourceName listener =
        name.onPort(settings.outbound().port(), RedirectSettings.USUAL_OUTBOUND_PORT);
    files.listener(
        listener, Listeners.catchAll(listener, OUTBOUND, family, settings, List.of(), otherwise));
  }
}
