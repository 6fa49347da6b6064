package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.discovery.PresenceRows;
import io.sluice.controlplane.fleet.Fleet;
import io.sluice.controlplane.fleet.HostStatus;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Gateway;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.discovery.DataplanePresence.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.springframework.stereotype.Component;

/** The gateways of meshes: dataplanes with a service of their own that nobody dials. */
@Component
class Gateways {

  private final MeshViews views;
  private final PresenceRows presence;
  private final Fleet fleet;

  Gateways(MeshViews views, PresenceRows presence, Fleet fleet) {
    this.views = views;
    this.presence = presence;
    this.fleet = fleet;
  }

  /**
   * A gateway that has a service.
   *
   * @param problem why it does not count as online; empty means that it does
   */
  record Standing(StoredResource row, Gateway gateway, String service, Optional<String> problem) {

    String dataplane() {
      return row.key().name();
    }

    SortedMap<String, String> tags() {
      return gateway.tags();
    }

    boolean online() {
      return problem.isEmpty();
    }

    /** What Kuma calls a service of such gateways. */
    String serviceType() {
      return switch (gateway.type()) {
        case DELEGATED -> "gateway_delegated";
        case BUILTIN -> "gateway_builtin";
      };
    }
  }

  /** Those of a mesh, by the names of their dataplanes. */
  List<Standing> of(String mesh) {
    List<StoredResource> rows = new ArrayList<>();
    for (StoredResource row : views.dataplanes(mesh)) {
      if (gateway(row).filter(Gateways::hasService).isPresent()) {
        rows.add(row);
      }
    }
    rows.sort(Comparator.comparing(StoredResource::key));
    Map<ResourceKey, HostStatus> statuses =
        fleet.statuses(rows.stream().map(StoredResource::key).toList());
    List<Standing> gateways = new ArrayList<>();
    for (StoredResource row : rows) {
      Gateway gateway = gateway(row).orElseThrow();
      gateways.add(
          new Standing(
              row,
              gateway,
              gateway.tags().getOrDefault(Inbound.SERVICE_TAG, ""),
              problem(row.key(), Optional.ofNullable(statuses.get(row.key())))));
    }
    return gateways;
  }

  private static Optional<Gateway> gateway(StoredResource row) {
    return row.resource() instanceof Dataplane dataplane
        ? Optional.ofNullable(dataplane.networking().gateway())
        : Optional.empty();
  }

  private static boolean hasService(Gateway gateway) {
    return gateway.tags().containsKey(Inbound.SERVICE_TAG);
  }

  private Optional<String> problem(ResourceKey dataplane, Optional<HostStatus> status) {
    Optional<State> absent = presence.state(dataplane);
    if (absent.isPresent()) {
      return switch (absent.get()) {
        case AWAY -> Optional.of("its agent is not heard, or has said that Envoy is down");
        case GONE -> Optional.of("its agent has said goodbye");
        case KEPT -> Optional.of("its agent is not heard");
      };
    }
    if (status.isEmpty()) {
      return Optional.of("no agent has ever been heard of it");
    }
    return status.get().isOnline() ? Optional.empty() : Optional.of("its agent is not heard");
  }
}
