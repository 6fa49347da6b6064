package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Dataplane;
import java.util.List;

/**
 * All of a mesh's services that one dataplane sees. What changes none of it does not change what
 * its host is told.
 *
 * @param reach what it reaches by name
 * @param outbounds where its declared outbounds lead, in their order
 * @param direct where it reaches others by address, its own places among them
 */
public record Sight(Reach reach, List<Destination> outbounds, List<Endpoint> direct) {

  /** Copies the lists. */
  public Sight {
    outbounds = List.copyOf(outbounds);
    direct = List.copyOf(direct);
  }

  /** What a dataplane sees now that no policy selects. */
  public static Sight of(Catalogue catalogue, Dataplane dataplane) {
    return of(catalogue, Interest.of(dataplane, List.of()));
  }

  /** What all dataplanes with an interest see now. */
  public static Sight of(Catalogue catalogue, Interest interest) {
    return new Sight(
        interest.reachable().map(catalogue::reach).orElse(Reach.NONE),
        interest.outbounds().stream().map(catalogue::destination).toList(),
        interest.direct().isEmpty() ? List.of() : catalogue.directAccess(interest.direct()));
  }
}
