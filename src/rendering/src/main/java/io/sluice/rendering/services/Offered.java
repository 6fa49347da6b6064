package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Protocol;
import io.sluice.resources.discovery.VirtualAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * The services of a mesh and the names that lead to them. What is asked for is worked out once;
 * what is equal to something a predecessor worked out is that object.
 */
final class Offered {

  private static final String ALL = "*";

  private final PSortedMap<String, Service> services;
  private final NameIndex names;
  private final PSortedMap<String, VirtualAddress> addresses;
  private final Routes routes;
  private final Known known;
  private final Map<SortedSet<String>, Reach> reaches = new ConcurrentHashMap<>();
  private final Map<SortedSet<String>, List<Endpoint>> direct = new ConcurrentHashMap<>();

  private Offered(
      PSortedMap<String, Service> services,
      NameIndex names,
      PSortedMap<String, VirtualAddress> addresses,
      Routes routes,
      Known known) {
    this.services = services;
    this.names = names;
    this.addresses = addresses;
    this.routes = routes;
    this.known = known;
  }

  static Offered nothing() {
    return new Offered(
        TreePMap.empty(),
        NameIndex.EMPTY,
        TreePMap.empty(),
        new Routes(NameIndex.EMPTY, TreePMap.empty()),
        new Known(new Canonical<>(), new Canonical<>(), new Canonical<>(), new Canonical<>()));
  }

  /** What catalogues of one mesh gave out and somebody may hold. */
  private record Known(
      Canonical<Destination> destinations,
      Canonical<Reach> reaches,
      Canonical<SortedMap<String, VirtualAddress>> names,
      Canonical<List<Endpoint>> direct) {}

  boolean isNothing() {
    return services.isEmpty() && addresses.isEmpty() && names.namers().isEmpty();
  }

  PSortedMap<String, Service> services() {
    return services;
  }

  NameIndex names() {
    return names;
  }

  /** With other offers of a dataplane than before. */
  Offered replace(String dataplane, List<Offer> before, List<Offer> now) {
    if (before.equals(now)) {
      return this;
    }
    SortedMap<String, List<Offer>> former = byService(before);
    SortedMap<String, List<Offer>> current = byService(now);
    PSortedMap<String, Service> changed = services;
    SortedSet<String> concerned = new TreeSet<>(former.keySet());
    concerned.addAll(current.keySet());
    for (String name : concerned) {
      List<Offer> offers = current.getOrDefault(name, List.of());
      if (!offers.equals(former.get(name))) {
        Service service = changed.getOrDefault(name, Service.none(name)).with(dataplane, offers);
        changed = service.isOffered() ? changed.plus(name, service) : changed.minus(name);
      }
    }
    NameIndex renamed = renamed(before, now);
    return new Offered(
        changed,
        renamed,
        addresses,
        renamed.leadsWhere(names) ? routes : new Routes(renamed, addresses),
        known);
  }

  private NameIndex renamed(List<Offer> before, List<Offer> now) {
    List<SortedMap<String, String>> former = before.stream().map(Offer::tags).toList();
    List<SortedMap<String, String>> current = now.stream().map(Offer::tags).toList();
    if (former.equals(current)) {
      return names;
    }
    NameIndex changed = names;
    for (SortedMap<String, String> tags : current) {
      changed = changed.plus(tags);
    }
    for (SortedMap<String, String> tags : former) {
      changed = changed.minus(tags);
    }
    return changed;
  }

  private static SortedMap<String, List<Offer>> byService(List<Offer> offers) {
    SortedMap<String, List<Offer>> byService = new TreeMap<>();
    for (Offer offer : offers) {
      byService.computeIfAbsent(offer.service(), _ -> new ArrayList<>(1)).add(offer);
    }
    byService.replaceAll((_, each) -> List.copyOf(each));
    return byService;
  }

  Offered with(VirtualAddress address) {
    return address.equals(addresses.get(address.name()))
        ? this
        : at(addresses.plus(address.name(), address));
  }

  Offered withoutAddress(String host) {
    return addresses.containsKey(host) ? at(addresses.minus(host)) : this;
  }

  private Offered at(PSortedMap<String, VirtualAddress> others) {
    return new Offered(services, names, others, new Routes(names, others), known);
  }

  List<String> hostsWithoutAddress() {
    return names.hosts().stream().filter(host -> !addresses.containsKey(host)).toList();
  }

  /** With other names. */
  Offered with(NameIndex others) {
    return new Offered(services, others, addresses, new Routes(others, addresses), known);
  }

  Destination destination(SortedMap<String, String> tags) {
    Service service = services.get(tags.getOrDefault(Inbound.SERVICE_TAG, ""));
    return service == null
        ? known.destinations.apply(new Destination(tags, Protocol.TCP, List.of()))
        : service.destination(tags, known.destinations);
  }

  Reach reach(SortedSet<String> only) {
    Reach found = reaches.get(only);
    if (found == null) {
      found = known.reaches.apply(worked(only));
      reaches.put(only, found);
    }
    return found;
  }

  private Reach worked(SortedSet<String> only) {
    Routes.Routed routed = routes.to(only, known.names);
    List<Destination> destinations = new ArrayList<>(routed.tags().size());
    for (SortedMap<String, String> tags : routed.tags()) {
      destinations.add(destination(tags));
    }
    List<VirtualListener> listeners = new ArrayList<>(routed.routes().size());
    for (Routes.Route route : routed.routes()) {
      listeners.add(
          new VirtualListener(
              route.host(), route.address(), route.port(), destinations.get(route.destination())));
    }
    return new Reach(List.copyOf(listeners), List.copyOf(destinations), routed.names());
  }

  List<Endpoint> directAccess(SortedSet<String> wanted) {
    List<Endpoint> found = direct.get(wanted);
    if (found == null) {
      found = known.direct.apply(endpoints(wanted));
      direct.put(wanted, found);
    }
    return found;
  }

  private List<Endpoint> endpoints(SortedSet<String> wanted) {
    List<Endpoint> endpoints = new ArrayList<>();
    if (wanted.contains(ALL)) {
      services.values().forEach(service -> addDirect(service, endpoints));
    } else {
      for (String name : wanted) {
        Service service = services.get(name);
        if (service != null) {
          addDirect(service, endpoints);
        }
      }
    }
    endpoints.sort(Endpoint.ORDER);
    return List.copyOf(endpoints);
  }

  private static void addDirect(Service service, List<Endpoint> endpoints) {
    service.offers().forEach(offer -> offer.direct().ifPresent(endpoints::add));
  }

  Names allNames() {
    List<Name> all = new ArrayList<>();
    for (String host : names.hosts()) {
      all.add(new Name(host, Optional.ofNullable(addresses.get(host)), names.ports(host)));
    }
    List<Offer> offers = new ArrayList<>();
    services.values().forEach(service -> offers.addAll(service.offers()));
    List<Names.Skipped> skipped = new ArrayList<>();
    for (Offer offer : offers) {
      for (Verdict verdict : names.verdicts(offer.tags())) {
        if (verdict instanceof Verdict.Nameless(Origin origin, String reason)) {
          skipped.add(new Names.Skipped(offer.dataplane(), offer.listener(), origin, reason));
        }
      }
    }
    skipped.sort(
        Comparator.comparing(Names.Skipped::dataplane).thenComparing(Names.Skipped::listener));
    return new Names(all, skipped);
  }
}
