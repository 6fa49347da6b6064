package io.sluice.controlplane.api;

import io.sluice.controlplane.api.MeshInsightController.DataplaneCounts;
import io.sluice.controlplane.api.ServiceInsightController.ServiceInsight;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Claim;
import io.sluice.rendering.services.Name;
import io.sluice.rendering.services.Offer;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.net.HostName;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Counts the dataplanes of services, gateways among them, as Kuma does. */
@Component
class ServiceCounts {

  static final String INTERNAL = "internal";

  /** That of default names. */
  private static final int PORT = 80;

  private final MeshViews views;
  private final Gateways gateways;

  ServiceCounts(MeshViews views, Gateways gateways) {
    this.views = views;
    this.gateways = gateways;
  }

  /** All services of a mesh by name. */
  SortedMap<String, ServiceInsight> of(String mesh) {
    Catalogue catalogue = views.catalogue(mesh);
    Set<String> names = defaultNames(catalogue);
    SortedMap<String, ServiceInsight> services = new TreeMap<>();
    for (StoredResource row : views.dataplanes(mesh)) {
      if (row.resource() instanceof Dataplane dataplane) {
        Map<String, Boolean> offered =
            catalogue.offers(dataplane.name()).stream()
                .collect(Collectors.toMap(Offer::service, Offer::ready, Boolean::logicalOr));
        offered.forEach((service, ready) -> add(row, service, INTERNAL, ready, names, services));
      }
    }
    for (Gateways.Standing each : gateways.of(mesh)) {
      add(each.row(), each.service(), each.serviceType(), each.online(), names, services);
    }
    return services;
  }

  /** The services that are reached by their own names. */
  private static Set<String> defaultNames(Catalogue catalogue) {
    Set<String> services = new HashSet<>();
    for (Name name : catalogue.names().names()) {
      for (Name.Port port : name.ports()) {
        Claim claim = port.winner();
        if (port.port() == PORT
            && name.address().isPresent()
            && name.host().equals(host(claim.service()))
            && claim.tags().size() == 1) {
          services.add(claim.service());
        }
      }
    }
    return services;
  }

  private static String host(String service) {
    return HostName.inLowerCase(service + "." + Catalogue.DOMAIN);
  }

  private static void add(
      StoredResource row,
      String service,
      String type,
      boolean ready,
      Set<String> names,
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
            kind.equals(INTERNAL) && names.contains(service) ? host(service) + ":" + PORT : null,
            online == total ? "online" : online == 0 ? "offline" : "partially_degraded",
            new DataplaneCounts(total, online, total - online)));
  }
}
