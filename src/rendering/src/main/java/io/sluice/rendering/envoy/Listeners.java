package io.sluice.rendering.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.net.HostPort;
import java.util.List;

/** Listeners: those that Envoy binds, those that only get what was captured, and the catch-alls. */
final class Listeners {

  private Listeners() {}

  /** A listener on an address and port of the host. */
  static Listener bound(
      ResourceName name, TrafficDirection direction, HostPort address, Filter filter) {
    return listener(name, direction, address).addFilterChains(chain(filter)).build();
  }

  /** A listener that is not bound: a catch-all hands it connections to its address and port. */
  static Listener unbound(
      ResourceName name, TrafficDirection direction, HostPort address, Filter filter) {
    return listener(name, direction, address)
        .setBindToPort(BoolValue.of(false))
        .addFilterChains(chain(filter))
        .build();
  }

  /**
   * A listener on the port to which the kernel redirects. It hands each connection to the listener
   * of its original destination, and keeps what has none.
   *
   * @param byPort chains for captured connections to a port of any address
   */
  static Listener catchAll(
      ResourceName name,
      TrafficDirection direction,
      IpFamily family,
      RedirectSettings settings,
      List<FilterChain> byPort,
      FilterChain otherwise) {
    int port =
        direction == TrafficDirection.INBOUND
            ? settings.inbound().port()
            : settings.outbound().port();
    return listener(name, direction, new HostPort(family.wildcard(), port))
        .setUseOriginalDst(BoolValue.of(true))
        .addFilterChains(directDial(name, settings.inbound().port()))
        .addFilterChains(directDial(name, settings.outbound().port()))
        .addAllFilterChains(byPort)
        .addFilterChains(otherwise)
        .build();
  }

  /** What a catch-all does with all that no other chain takes. */
  static FilterChain toAll(String name, Filter filter) {
    return FilterChain.newBuilder().setName(name).addFilters(filter).build();
  }

  /** What a catch-all does with captured connections to a port, whatever their address. */
  static FilterChain toPort(String name, int port, Filter filter) {
    return FilterChain.newBuilder()
        .setName(name)
        .setFilterChainMatch(FilterChainMatch.newBuilder().setDestinationPort(UInt32Value.of(port)))
        .addFilters(filter)
        .build();
  }

  /**
   * A connection that was meant for a catch-all's own port has no destination but this Envoy:
   * passed on, it would come back for ever.
   */
  private static FilterChain directDial(ResourceName name, int port) {
    return toPort(
        "direct-dial-" + port,
        port,
        Filters.tcp(name.stat() + "_direct_dial", ResourceName.BLACKHOLE, Timeouts.INBOUND));
  }

  private static FilterChain.Builder chain(Filter filter) {
    return FilterChain.newBuilder().addFilters(filter);
  }

  private static Listener.Builder listener(
      ResourceName name, TrafficDirection direction, HostPort address) {
    return Listener.newBuilder()
        .setName(name.name())
        .setStatPrefix(name.stat())
        .setAddress(Addresses.tcp(address))
        .setTrafficDirection(direction);
  }
}
