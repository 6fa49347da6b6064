package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Outbound;
import io.sluice.resources.dataplane.TransparentProxying;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What of its mesh's services a dataplane asks for. Dataplanes with equal interests see the same.
 *
 * @param reachable the services that it reaches by name; empty means all
 * @param outbounds the tags of its declared outbounds, in their order
 * @param direct the services whose dataplanes it reaches by address
 */
public record Interest(
    SortedSet<String> reachable,
    List<SortedMap<String, String>> outbounds,
    SortedSet<String> direct) {

  /** Copies the collections. */
  public Interest {
    reachable = Collections.unmodifiableSortedSet(new TreeSet<>(reachable));
    outbounds = List.copyOf(outbounds);
    direct = Collections.unmodifiableSortedSet(new TreeSet<>(direct));
  }

  /** What a dataplane asks for. */
  public static Interest of(Dataplane dataplane) {
    TransparentProxying transparent = dataplane.networking().transparentProxying();
    return new Interest(
        new TreeSet<>(transparent == null ? List.of() : transparent.reachableServices()),
        dataplane.networking().outbound().stream().map(Outbound::tags).toList(),
        new TreeSet<>(transparent == null ? List.of() : transparent.directAccessServices()));
  }
}
