package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Outbound;
import io.sluice.resources.dataplane.TransparentProxying;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What of its mesh's services a dataplane asks for. Dataplanes with equal interests see the same.
 *
 * @param reachable the services that it reaches by name, of which an empty set means all; nothing
 *     if it reaches none so, as what its host sends is not captured
 * @param outbounds the tags of its declared outbounds, in their order
 * @param direct the services whose dataplanes it reaches by address
 */
public record Interest(
    Optional<SortedSet<String>> reachable,
    List<SortedMap<String, String>> outbounds,
    SortedSet<String> direct) {

  /** Copies the collections. */
  public Interest {
    reachable = reachable.map(Interest::copy);
    outbounds = List.copyOf(outbounds);
    direct = copy(direct);
  }

  /**
   * What a dataplane asks for.
   *
   * @param policies those that do not select the dataplane do not count
   */
  public static Interest of(Dataplane dataplane, Collection<MeshTransparentProxy> policies) {
    List<SortedMap<String, String>> outbounds =
        dataplane.networking().outbound().stream().map(Outbound::tags).toList();
    if (!EffectiveTransparentProxy.capturesOutbound(policies, dataplane)) {
      return new Interest(Optional.empty(), outbounds, new TreeSet<>());
    }
    TransparentProxying transparent = dataplane.networking().transparentProxying();
    return transparent == null
        ? new Interest(Optional.of(new TreeSet<>()), outbounds, new TreeSet<>())
        : new Interest(
            Optional.of(new TreeSet<>(transparent.reachableServices())),
            outbounds,
            new TreeSet<>(transparent.directAccessServices()));
  }

  private static SortedSet<String> copy(SortedSet<String> services) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(services));
  }
}
