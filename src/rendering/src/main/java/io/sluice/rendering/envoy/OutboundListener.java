package io.sluice.rendering.envoy;

import static io.envoyproxy.envoy.config.core.v3.TrafficDirection.OUTBOUND;

import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.sluice.rendering.services.VirtualListener;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.resources.dataplane.Protocol;
import io.sluice.resources.net.HostPort;

/**
 * A listener that leads to the endpoints of a service.
 *
 * @param at where it takes connections
 * @param cluster the service's
 * @param protocol what the service speaks
 */
record OutboundListener(Kind kind, HostPort at, ResourceName cluster, Protocol protocol) {

  enum Kind {
    /** Envoy binds it for the host's own applications. */
    BOUND,
    /** It gets what the kernel has redirected. */
    VIRTUAL
  }

  /** A declared outbound. */
  static OutboundListener bound(HostPort at, Service service) {
    return new OutboundListener(Kind.BOUND, at, service.name(), service.protocol());
  }

  /** A port of a name's virtual address. */
  static OutboundListener virtual(IpFamily family, VirtualListener port, Service service) {
    return new OutboundListener(
        Kind.VIRTUAL,
        new HostPort(family.of(port.address()).toString(), port.port()),
        service.name(),
        service.protocol());
  }

  ResourceName name() {
    return ResourceName.outbound(at);
  }

  Listener listener() {
    ResourceName name = name();
    Filter filter = Filters.of(protocol, name.stat(), cluster, Timeouts.OUTBOUND);
    return switch (kind) {
      case BOUND -> Listeners.bound(name, OUTBOUND, at, filter);
      case VIRTUAL -> Listeners.unbound(name, OUTBOUND, at, filter);
    };
  }
}
