package io.sluice.controlplane.api;

import io.sluice.controlplane.api.MeshInsightController.DataplaneCounts;
import io.sluice.controlplane.api.ServiceInsightController.ServiceInsight;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Offer;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Gateway;
import io.sluice.resources.dataplane.Inbound;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Counts the dataplanes of services, gateways among them, as Kuma does. */
@Component
class ServiceCounts {

  private static final String INTERNAL = "internal";

  private final MeshViews views;

  ServiceCounts(MeshViews views) {
    this.views = views;
  }

  /** All services of a mesh by name. */
  SortedMap<String, ServiceInsight> of(String mesh) {
    Catalogue catalogue = views.catalogue(mesh);
    SortedMap<String, ServiceInsight> services = new TreeMap<>();
    for (StoredResource row : views.dataplanes(mesh)) {
      if (row.resource() instanceof Dataplane dataplane) {
        Map<String, Boolean> offered =
            catalogue.offers(dataplane.name()).stream()
                .collect(Collectors.toMap(Offer::service, Offer::ready, Boolean::logicalOr));
        offered.forEach((service, ready) -> add(row, service, INTERNAL, ready, services));
        Gateway gateway = dataplane.networking().gateway();
        if (gateway != null && gateway.tags().containsKey(Inbound.SERVICE_TAG)) {
          String type =
              switch (gateway.type()) {
                case DELEGATED -> "gateway_delegated";
                case BUILTIN -> "gateway_builtin";
              };
          add(row, gateway.tags().get(Inbound.SERVICE_TAG), type, true, services);
        }
      }
    }
    return services;
  }

  private static void add(
      StoredResource row,
      String service,
      String type,
      boolean ready,
      SortedMap<String, ServiceInsight> services) {
    ServiceInsight before = services.get(service);
    long total = 1 + (before == null ? 0 : before.dataplanes().total());
    long online = (ready ? 1 : 0) + (before == null ? 0 : before.dataplanes().online());
    Instant created = row.created();
    Instant modified = row.modified();
    if (before != null && before.creationTime().isBefore(created)) {
      created = before.creationTime();
    }
    if (before != null && before.modificationTime().isAfter(modified)) {
      modified = before.modificationTime();
    }
    String kind = before == null || type.equals(INTERNAL) ? type : before.serviceType();
    services.put(
        service,
        new ServiceInsight(
            "ServiceOverview",
            row.key().mesh(),
            service,
            created,
            modified,
            kind,
            kind.equals(INTERNAL) ? service + ".mesh:80" : null,
            online == total ? "online" : online == 0 ? "offline" : "partially_degraded",
            new DataplaneCounts(total, online, total - online)));
  }
}
