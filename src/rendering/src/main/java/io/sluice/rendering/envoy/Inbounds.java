package io.sluice.rendering.envoy;

import static io.envoyproxy.envoy.config.core.v3.TrafficDirection.INBOUND;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Mode;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.net.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The inbounds of a dataplane: for each a listener, a cluster and the address of its workload. All
 * three are named by the listener, so that a workload that moves changes nothing but the endpoints.
 */
final class Inbounds {

  /** The port of an inbound that offers nothing, as in Kuma. */
  private static final int SERVICELESS_PORT = 49151;

  private final Mode mode;
  private final RedirectSettings settings;
  private final List<Rendered> inbounds = new ArrayList<>();

  Inbounds(Dataplane dataplane, RedirectSettings settings) {
    this.mode = settings.mode();
    this.settings = settings;
    Networking networking = dataplane.networking();
    for (int i = 0; i < networking.inbound().size(); i++) {
      Inbound inbound = networking.inbound().get(i);
      if (inbound.port() != SERVICELESS_PORT) {
        inbounds.add(rendered(networking, inbound, "networking.inbound[%d]".formatted(i)));
      }
    }
  }

  /** Where they and their workloads take connections. */
  Set<HostPort> places() {
    Set<HostPort> places = new TreeSet<>();
    for (Rendered inbound : inbounds) {
      places.add(inbound.listenAddress());
      places.add(inbound.workloadAddress());
    }
    return places;
  }

  void writeTo(EnvoyFiles files) {
    for (Rendered inbound : inbounds) {
      ResourceName name = inbound.name();
      switch (mode) {
        case NONE ->
            files.listener(
                name, Listeners.bound(name, INBOUND, inbound.listenAddress(), inbound.filter()));
        case IPTABLES -> {
          if (!inbound.listener().isWildcard()) {
            files.listener(
                name, Listeners.unbound(name, INBOUND, inbound.listenAddress(), inbound.filter()));
          }
        }
      }
      files.cluster(name, cluster(inbound));
      files.endpoints(name, Endpoints.one(name, Addresses.tcp(inbound.workloadAddress())));
    }
  }

  /**
   * The chains of captured connections to inbounds on all addresses. They can't be listeners of
   * their own: the catch-all for outbound connections would find those too, for any destination
   * with the same port.
   */
  List<FilterChain> onAllAddresses(IpFamily family) {
    return inbounds.stream()
        .filter(inbound -> inbound.listener().isWildcard() && inbound.listener().family() == family)
        .map(
            inbound ->
                Listeners.toPort(
                    inbound.name().name(), inbound.declared().port(), inbound.filter()))
        .toList();
  }

  private Cluster cluster(Rendered inbound) {
    Cluster.Builder cluster = Clusters.workload(inbound.name(), inbound.declared().protocol());
    IpLiteral workload = inbound.workload();
    if (mode == Mode.IPTABLES && settings.captures(workload.family()) && !workload.isLoopback()) {
      cluster.setUpstreamBindConfig(Clusters.passthroughSource(workload.family()));
    }
    return cluster.build();
  }

  private static Rendered rendered(Networking networking, Inbound inbound, String field) {
    String own = inbound.address();
    IpLiteral listener =
        own != null
            ? ListenerAddresses.parse(field + ".address", own, "give an IP address")
            : ListenerAddresses.parse(
                "networking.address",
                networking.address(),
                "make it resolve where the control plane runs, or give an IP address there or in "
                    + field
                    + ".address");
    String service = inbound.serviceAddress();
    IpLiteral workload =
        service != null
            ? ListenerAddresses.parse(field + ".serviceAddress", service, "give an IP address")
            : listener;
    return new Rendered(inbound, listener, workload, networking.workload(inbound).port());
  }

  private record Rendered(
      Inbound declared, IpLiteral listener, IpLiteral workload, int workloadPort) {

    HostPort listenAddress() {
      return new HostPort(listener.text(), declared.port());
    }

    HostPort workloadAddress() {
      return new HostPort(workload.text(), workloadPort);
    }

    ResourceName name() {
      return ResourceName.inbound(listenAddress());
    }

    Filter filter() {
      return Filters.of(declared.protocol(), name().stat(), name(), Timeouts.INBOUND);
    }
  }
}
