package io.sluice.controlplane.api;

import io.sluice.controlplane.api.ServiceAnswer.EndpointAnswer;
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
import io.sluice.resources.dataplane.Mode;
import io.sluice.resources.dataplane.TransparentProxying;
import io.sluice.resources.discovery.DataplanePresence.State;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Makes answers of what the catalogue of a mesh knows. */
@Component
class ServiceViews {

  private final MeshViews views;
  private final PresenceRows presence;

  ServiceViews(MeshViews views, PresenceRows presence) {
    this.views = views;
    this.presence = presence;
  }

  ServiceAnswer answer(String mesh, Service service, Published names, Reachable reachable) {
    List<Offer> offers = service.offers();
    return new ServiceAnswer(
        mesh,
        service.name(),
        service.protocol().name().toLowerCase(Locale.ROOT),
        offers.stream().filter(Offer::ready).count(),
        offers.stream().map(offer -> endpoint(mesh, offer)).toList(),
        names.of(service.name()),
        reachable);
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
        if (EffectiveTransparentProxy.of(policies, dataplane).mode() == Mode.IPTABLES) {
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
