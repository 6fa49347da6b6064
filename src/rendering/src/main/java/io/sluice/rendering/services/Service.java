package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/** A service: all inbounds that carry its tag, of any state but Ignored. */
public final class Service {

  private final String name;
  private final PSortedMap<String, List<Offer>> byDataplane;
  private final Map<SortedMap<String, String>, Destination> worked = new ConcurrentHashMap<>();

  private Service(String name, PSortedMap<String, List<Offer>> byDataplane) {
    this.name = name;
    this.byDataplane = byDataplane;
  }

  static Service none(String name) {
    return new Service(name, TreePMap.empty());
  }

  /** The service with these as the dataplane's only offers of it. */
  Service with(String dataplane, List<Offer> offers) {
    return new Service(
        name,
        offers.isEmpty() ? byDataplane.minus(dataplane) : byDataplane.plus(dataplane, offers));
  }

  boolean isOffered() {
    return !byDataplane.isEmpty();
  }

  /** The value of {@code kuma.io/service}. */
  public String name() {
    return name;
  }

  /** The inbounds, sorted by dataplane and then as they are declared. */
  public List<Offer> offers() {
    return byDataplane.values().stream().flatMap(Collection::stream).toList();
  }

  /** What all its inbounds speak. */
  public Protocol protocol() {
    Set<Protocol> declared = EnumSet.noneOf(Protocol.class);
    byDataplane.values().forEach(offers -> offers.forEach(each -> declared.add(each.protocol())));
    return Protocols.common(declared);
  }

  /** Where the endpoints are that carry the tags, which name this service. */
  Destination destination(SortedMap<String, String> tags, UnaryOperator<Destination> canonical) {
    Destination known = worked.get(tags);
    if (known == null) {
      known = canonical.apply(new Destination(tags, protocol(), endpoints(tags)));
      worked.put(known.tags(), known);
    }
    return known;
  }

  private List<Endpoint> endpoints(SortedMap<String, String> tags) {
    List<Endpoint> all = new ArrayList<>();
    for (List<Offer> offers : byDataplane.values()) {
      for (Offer offer : offers) {
        if (offer.ready() && offer.carries(tags)) {
          offer.endpoint().ifPresent(all::add);
        }
      }
    }
    all.sort(Endpoint.ORDER);
    List<Endpoint> distinct = new ArrayList<>(all.size());
    for (Endpoint each : all) {
      if (distinct.isEmpty() || !distinct.getLast().place().equals(each.place())) {
        distinct.add(each);
      }
    }
    return distinct;
  }
}
