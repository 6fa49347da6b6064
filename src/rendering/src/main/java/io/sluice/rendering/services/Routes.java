package io.sluice.rendering.services;

import io.sluice.resources.discovery.VirtualAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.pcollections.PSortedMap;

/**
 * Where the names that have addresses lead. It does not change when endpoints do, which is most of
 * the time.
 */
final class Routes {

  /** Dataplanes come and go with lists of their own, while names may never change. */
  private static final int LISTS_REMEMBERED = 4096;

  private final NameIndex names;
  private final PSortedMap<String, VirtualAddress> addresses;
  private final Map<SortedSet<String>, Routed> worked = new ConcurrentHashMap<>();

  Routes(NameIndex names, PSortedMap<String, VirtualAddress> addresses) {
    this.names = names;
    this.addresses = addresses;
  }

  /**
   * A port of a name's addresses.
   *
   * @param destination which of the tags the endpoints behind it carry
   */
  record Route(String host, VirtualAddress address, int port, int destination) {}

  /**
   * The routes to some services.
   *
   * @param routes sorted by host and port
   * @param tags those of the routes, each once, sorted
   * @param names the hosts of the routes
   */
  record Routed(
      List<Route> routes,
      List<SortedMap<String, String>> tags,
      SortedMap<String, VirtualAddress> names) {}

  /**
   * The routes to some services.
   *
   * @param only these; empty means all
   */
  Routed to(
      SortedSet<String> only, UnaryOperator<SortedMap<String, VirtualAddress>> canonicalNames) {
    Routed found = worked.get(only);
    if (found == null) {
      found = work(only, canonicalNames);
      if (worked.size() > LISTS_REMEMBERED) {
        worked.keySet().removeIf(list -> !list.isEmpty());
      }
      worked.put(only, found);
    }
    return found;
  }

  private Routed work(
      SortedSet<String> only, UnaryOperator<SortedMap<String, VirtualAddress>> canonicalNames) {
    List<Claim> claims = new ArrayList<>();
    List<VirtualAddress> at = new ArrayList<>();
    SortedMap<String, VirtualAddress> reached = new TreeMap<>();
    SortedMap<String, SortedMap<String, String>> byText = new TreeMap<>();
    for (String host : hosts(only)) {
      VirtualAddress address = addresses.get(host);
      if (address == null) {
        continue;
      }
      for (Name.Port port : names.ports(host)) {
        Claim claim = port.winner();
        if (only.isEmpty() || only.contains(claim.service())) {
          claims.add(claim);
          at.add(address);
          reached.put(host, address);
          byText.put(claim.tags().toString(), claim.tags());
        }
      }
    }
    return new Routed(
        routes(claims, at, List.copyOf(byText.keySet())),
        List.copyOf(byText.values()),
        canonicalNames.apply(Collections.unmodifiableSortedMap(reached)));
  }

  private static List<Route> routes(
      List<Claim> claims, List<VirtualAddress> at, List<String> destinations) {
    List<Route> routes = new ArrayList<>(claims.size());
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      int destination = Collections.binarySearch(destinations, claim.tags().toString());
      routes.add(new Route(claim.host(), at.get(i), claim.port(), destination));
    }
    return List.copyOf(routes);
  }

  private Iterable<String> hosts(SortedSet<String> only) {
    if (only.isEmpty()) {
      return names.hosts();
    }
    Set<String> hosts = new TreeSet<>();
    for (String service : only) {
      hosts.addAll(names.hosts(service));
    }
    return hosts;
  }
}
