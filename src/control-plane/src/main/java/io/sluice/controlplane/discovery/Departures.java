package io.sluice.controlplane.discovery;

import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Offer;
import io.sluice.resources.discovery.DataplanePresence.State;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What becomes of dataplanes of a mesh whose agents are not heard. No service loses its last
 * endpoint by that alone: an agent that is not heard says little about the application beside it,
 * and if all are not heard it says more about the control plane.
 *
 * @param kept whether a dataplane is kept already
 */
record Departures(Catalogue catalogue, Predicate<String> kept) {

  /**
   * The states of dataplanes. Each service of theirs is looked through once, however many of them
   * offer it.
   *
   * @param silent those whose agents are not heard, kept ones among them
   */
  SortedMap<String, State> of(Collection<String> silent) {
    Set<String> leaving = Set.copyOf(silent);
    Map<String, Boolean> others = new HashMap<>();
    SortedMap<String, State> states = new TreeMap<>();
    for (String dataplane : leaving) {
      boolean last =
          catalogue.offers(dataplane).stream()
              .filter(Offer::ready)
              .map(Offer::service)
              .anyMatch(
                  service -> !others.computeIfAbsent(service, each -> hasOthers(each, leaving)));
      states.put(dataplane, last ? State.KEPT : State.AWAY);
    }
    return states;
  }

  private boolean hasOthers(String service, Set<String> leaving) {
    return catalogue.service(service).stream()
        .flatMap(each -> each.offers().stream())
        .anyMatch(
            offer ->
                offer.ready()
                    && !leaving.contains(offer.dataplane())
                    && !kept.test(offer.dataplane()));
  }
}
