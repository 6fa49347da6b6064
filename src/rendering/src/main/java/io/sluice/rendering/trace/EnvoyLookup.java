package io.sluice.rendering.trace;

import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.sluice.rendering.envoy.EnvoyResources;
import io.sluice.rendering.trace.EnvoyPath.TakingChain;
import io.sluice.rendering.trace.EnvoyPath.TakingListener;
import io.sluice.resources.net.HostPort;
import java.util.List;
import java.util.Optional;

/** Finds the way of a TCP connection through Envoy as Envoy does. */
final class EnvoyLookup {

  private final EnvoyResources envoy;
  private final Ways ways;

  EnvoyLookup(EnvoyResources envoy) {
    this.envoy = envoy;
    this.ways = new Ways(envoy);
  }

  /**
   * The way of a connection, or nothing if Envoy does not listen there.
   *
   * @param arrived where the kernel delivers it
   * @param meant where it was going before the kernel redirected it
   */
  Optional<EnvoyPath> path(Place arrived, Place meant) {
    return listener(arrived, Listening.BOUND)
        .map(
            bound -> {
              Optional<Listener> other =
                  bound.getUseOriginalDst().getValue() && !meant.equals(arrived)
                      ? listener(meant, Listening.ANYHOW).filter(found -> !found.equals(bound))
                      : Optional.empty();
              return other
                  .map(found -> path(found, handedOver(bound, found, meant), meant))
                  .orElseGet(() -> path(bound, itself(bound, arrived, meant), meant));
            });
  }

  private EnvoyPath path(Listener listener, TakingListener taking, Place meant) {
    FilterChain chain = chain(listener, meant);
    if (chain.getFiltersCount() != 1) {
      throw new IllegalStateException("not one filter in a chain of " + listener.getName());
    }
    Filter filter = chain.getFilters(0);
    return new EnvoyPath(
        taking, new TakingChain(chain.getName(), why(chain, listener)), ways.of(filter, meant));
  }

  private static TakingListener handedOver(Listener bound, Listener found, Place meant) {
    return new TakingListener(
        found.getName(),
        address(found),
        Optional.of(bound.getName()),
        found.hasBindToPort() && !found.getBindToPort().getValue()
            ? "it has the original destination " + meant
            : "it listens at the original destination " + meant);
  }

  private static TakingListener itself(Listener bound, Place arrived, Place meant) {
    return new TakingListener(
        bound.getName(),
        address(bound),
        Optional.empty(),
        bound.getUseOriginalDst().getValue() && !meant.equals(arrived)
            ? "no listener has the original destination " + meant
            : "it listens there");
  }

  /** An exact address wins over one that stands for all; Envoy never mixes the families. */
  private Optional<Listener> listener(Place place, Listening how) {
    HostPort exact = new HostPort(place.address().toString(), place.port());
    HostPort wildcard = new HostPort(place.address().v6() ? "::" : "0.0.0.0", place.port());
    return at(exact, how).or(() -> at(wildcard, how));
  }

  private Optional<Listener> at(HostPort address, Listening how) {
    return envoy.listeners().stream()
        .filter(listener -> address(listener).equals(address))
        .filter(
            listener ->
                switch (how) {
                  case BOUND -> !listener.hasBindToPort() || listener.getBindToPort().getValue();
                  case ANYHOW -> true;
                })
        .findFirst();
  }

  /** A chain for the port wins over one for all ports; each of them is there once. */
  private static FilterChain chain(Listener listener, Place meant) {
    List<FilterChain> chains = listener.getFilterChainsList();
    return chains.stream()
        .filter(chain -> port(chain).filter(port -> port == meant.port()).isPresent())
        .findFirst()
        .or(() -> chains.stream().filter(chain -> port(chain).isEmpty()).findFirst())
        .orElseThrow(() -> new IllegalStateException("no chain takes all: " + listener.getName()));
  }

  private static String why(FilterChain chain, Listener listener) {
    if (chain.getName().equals(EnvoyResources.PASSTHROUGH_OFF)) {
      return "the Mesh says networking.outbound.passthrough: false, and no service that is reached"
          + " is there";
    }
    return port(chain)
        .map(port -> "it is for connections to port " + port)
        .orElse(
            listener.getFilterChainsCount() == 1
                ? "there is no other"
                : "it is for everything that no other chain takes");
  }

  private static Optional<Integer> port(FilterChain chain) {
    FilterChainMatch match = chain.getFilterChainMatch();
    if (!match.toBuilder()
        .clearDestinationPort()
        .build()
        .equals(FilterChainMatch.getDefaultInstance())) {
      throw new IllegalStateException("chains are chosen by port alone, not by " + match);
    }
    return match.hasDestinationPort()
        ? Optional.of(match.getDestinationPort().getValue())
        : Optional.empty();
  }

  private static HostPort address(Listener listener) {
    SocketAddress address = listener.getAddress().getSocketAddress();
    return new HostPort(address.getAddress(), address.getPortValue());
  }

  private enum Listening {
    BOUND,
    ANYHOW
  }
}
