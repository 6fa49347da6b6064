package io.sluice.resources.dataplane;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Marks the dataplane as a gateway: traffic from outside enters the mesh here. */
public record Gateway(SortedMap<String, String> tags, Kind type) {

  /** Copies the tags, sorted. */
  public Gateway {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** Whether a proxy of the operator's own stands there, or Envoy itself is the gateway. */
  public enum Kind {
    DELEGATED,
    BUILTIN
  }
}
