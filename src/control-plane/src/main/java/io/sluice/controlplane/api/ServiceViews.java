package io.sluice.controlplane.api;

import io.sluice.controlplane.api.MeshInsightController.DataplaneCounts;
import io.sluice.controlplane.api.ServiceAnswer.EndpointAnswer;
import io.sluice.controlplane.api.ServiceAnswer.GatewayAnswer;
import io.sluice.controlplane.api.ServiceAnswer.Reachable;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.discovery.PresenceRows;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.services.Absence;
import io.sluice.rendering.services.Endpoint;
import io.sluice.rendering.services.Offer;
import io.sluice.rendering.services.Service;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Protocol;
import io.sluice.resources.dataplane.TransparentProxying;
import io.sluice.resources.discovery.DataplanePresence.State;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** Makes answers of what the catalogue of a mesh knows. */
@Component
class ServiceViews {

  private static final String NAMELESS =
      "it is what gateways are called, and only inbounds give names and endpoints: traffic enters"
          + " the mesh there from outside, and nobody in it dials a gateway";

  private final MeshViews views;
  private final PresenceRows presence;
  private final Gateways gateways;

  ServiceViews(MeshViews views, PresenceRows presence, Gateways gateways) {
    this.views = views;
    this.presence = presence;
    this.gateways = gateways;
  }

  /** All that is called a service in a mesh, by name. */
  SortedMap<String, Called> called(String mesh) {
    SortedMap<String, List<Gateways.Standing>> standing = new TreeMap<>();
    for (Gateways.Standing each : gateways.of(mesh)) {
      standing.computeIfAbsent(each.service(), service -> new ArrayList<>()).add(each);
    }
    SortedMap<String, Called> all = new TreeMap<>();
    standing.forEach(
        (name, each) -> all.put(name, new Called(name, Optional.empty(), List.copyOf(each))));
    for (Service service : views.catalogue(mesh).services()) {
      String name = service.name();
      all.put(name, new Called(name, Optional.of(service), standing.getOrDefault(name, List.of())));
    }
    return all;
  }

  /**
   * What is called by one value of {@code kuma.io/service}.
   *
   * @param service what inbounds offer; empty if gateways alone are called so
   */
  record Called(String name, Optional<Service> service, List<Gateways.Standing> gateways) {

    List<Offer> offers() {
      return service.map(Service::offers).orElse(List.of());
    }

    Protocol protocol() {
      return service.map(Service::protocol).orElse(Protocol.TCP);
    }
  }

  ServiceAnswer answer(String mesh, Called called, Published names, Reached reached) {
    List<Offer> offers = called.offers();
    boolean offered = called.service().isPresent();
    return new ServiceAnswer(
        mesh,
        called.name(),
        offered ? ServiceCounts.INTERNAL : called.gateways().getFirst().serviceType(),
        called.protocol().name().toLowerCase(Locale.ROOT),
        offers.stream().filter(Offer::ready).count(),
        offers.stream().map(offer -> endpoint(mesh, offer)).toList(),
        called.gateways().stream().map(ServiceViews::gateway).toList(),
        counts(called),
        offered ? null : NAMELESS,
        names.of(called.name()),
        offered ? reached.by(called.name()) : new Reachable(0, List.of()));
  }

  private static GatewayAnswer gateway(Gateways.Standing gateway) {
    return new GatewayAnswer(
        gateway.dataplane(),
        gateway.serviceType(),
        gateway.tags(),
        gateway.online(),
        gateway.problem().stream().toList());
  }

  private static DataplaneCounts counts(Called called) {
    Set<String> offering = new HashSet<>();
    Set<String> online = new HashSet<>();
    for (Offer offer : called.offers()) {
      offering.add(offer.dataplane());
      if (offer.ready()) {
        online.add(offer.dataplane());
      }
    }
    long ready = online.size() + called.gateways().stream().filter(g -> g.online()).count();
    long total = (long) offering.size() + called.gateways().size();
    return new DataplaneCounts(total, ready, total - ready);
  }

  private EndpointAnswer endpoint(String mesh, Offer offer) {
    return new EndpointAnswer(
        offer.dataplane(),
        offer.endpoint().map(Endpoint::address).orElse(null),
        offer.dialled().port(),
        offer.tags(),
        offer.ready(),
        reasons(mesh, offer));
  }

  private List<String> reasons(String mesh, Offer offer) {
    List<String> reasons = new ArrayList<>();
    offer.absences().forEach(absence -> reasons.add(reason(absence, offer)));
    Optional<State> state = presence.state(ResourceKey.dataplane(mesh, offer.dataplane()));
    if (state.filter(State.KEPT::equals).isPresent()) {
      reasons.add("its agent is not heard; it stays because no other endpoint is left");
    }
    return reasons;
  }

  private static String reason(Absence absence, Offer offer) {
    return switch (absence) {
      case STATE -> "its inbound says state: NotReady";
      case HEALTH -> "its inbound says health.ready: false";
      case PROBE -> "its agent's serviceProbe has not found the application to answer";
      case AWAY -> "its agent is not heard, or has said that Envoy is down";
      case GONE -> "its agent has said goodbye";
      case UNRESOLVED -> "the name " + offer.dialled().address() + " has no known address";
      case UNREACHABLE ->
          "it listens on "
              + offer.listener().address()
              + ", where others can't dial it, and no address is advertised";
    };
  }

  /** Who can reach which services, by name or by an explicit outbound. */
  Reached reached(String mesh) {
    Reached reached = Reached.nobody();
    Collection<MeshTransparentProxy> policies = views.policies(mesh);
    for (StoredResource row : views.dataplanes(mesh)) {
      if (row.resource() instanceof Dataplane dataplane) {
        dataplane
            .networking()
            .outbound()
            .forEach(
                outbound ->
                    Optional.ofNullable(outbound.tags().get(Inbound.SERVICE_TAG))
                        .ifPresent(service -> reached.add(dataplane.name(), service)));
        if (EffectiveTransparentProxy.capturesOutbound(policies, dataplane)) {
          addByName(dataplane, reached);
        }
      }
    }
    return reached;
  }

  private static void addByName(Dataplane dataplane, Reached reached) {
    TransparentProxying settings = dataplane.networking().transparentProxying();
    if (settings == null || settings.reachableServices().isEmpty()) {
      reached.unlimited().add(dataplane.name());
    } else {
      settings.reachableServices().forEach(service -> reached.add(dataplane.name(), service));
    }
  }
}
