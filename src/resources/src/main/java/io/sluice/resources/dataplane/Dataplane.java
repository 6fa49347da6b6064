package io.sluice.resources.dataplane;

import io.sluice.resources.Resource;
import io.sluice.resources.shape.NotActedOn;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on a host and the workload beside it, with the fields of Kuma 2.9 Universal.
 *
 * @param mesh the mesh it belongs to
 * @param name unique within the mesh
 * @param labels free labels of the resource itself, not tags of its inbounds
 */
public record Dataplane(
    String mesh,
    String name,
    SortedMap<String, String> labels,
    Networking networking,
    @NotActedOn("no metrics are offered for scraping") @Nullable Metrics metrics,
    @NotActedOn("no port for virtual probes is opened") @Nullable Probes probes)
    implements Resource {

  /** The document's {@code type}. */
  public static final String TYPE = "Dataplane";

  /** Copies the labels, sorted. */
  public Dataplane {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  @Override
  public String type() {
    return TYPE;
  }

  /** The same with its host at another address. */
  public Dataplane at(String address) {
    return new Dataplane(mesh, name, labels, networking.at(address), metrics, probes);
  }

  /**
   * Whether the Dataplane itself has both redirect ports, which makes it transparent unless a
   * policy says otherwise.
   */
  public boolean redirects() {
    TransparentProxying transparent = networking.transparentProxying();
    return transparent != null && transparent.redirects();
  }
}
