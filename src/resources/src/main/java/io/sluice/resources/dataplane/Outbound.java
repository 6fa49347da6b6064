package io.sluice.resources.dataplane;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A service that the dataplane uses at an address and port of its own.
 *
 * @param address where Envoy listens, default 127.0.0.1
 * @param tags what the service's inbounds must carry, with {@code kuma.io/service}; empty with
 *     {@code backendRef}
 */
public record Outbound(
    @Nullable String address,
    int port,
    SortedMap<String, String> tags,
    @Nullable BackendRef backendRef) {

  /** Copies the tags, sorted. */
  public Outbound {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** A reference to a real service resource. */
  public record BackendRef(
      String kind,
      @Nullable String name,
      @Nullable Integer port,
      SortedMap<String, String> labels) {

    /** Copies the labels, sorted. */
    public BackendRef {
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
  }
}
