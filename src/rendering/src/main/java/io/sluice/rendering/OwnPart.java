package io.sluice.rendering;

import io.sluice.rendering.bundle.Node;
import io.sluice.rendering.envoy.OwnEnvoy;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.dataplane.Dataplane;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of a bundle depends on the dataplane, its policies and its host alone. It stays while the
 * services of the mesh change.
 *
 * @param entries of the root folder, without Envoy's
 */
public record OwnPart(
    Dataplane dataplane,
    RedirectSettings settings,
    SortedMap<String, Node> entries,
    OwnEnvoy envoy) {

  /** Copies the entries. */
  public OwnPart {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }
}
