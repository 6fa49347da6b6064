package io.sluice.resources.dataplane;

import io.sluice.resources.net.HostPort;
import io.sluice.resources.shape.NotActedOn;
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
    @NotActedOn(
            "there are no MeshService, MeshExternalService or MeshMultiZoneService resources yet")
        @Nullable BackendRef backendRef) {

  /** Where Envoy listens if nothing else is said: for this host's own applications. */
  public static final String DEFAULT_ADDRESS = "127.0.0.1";

  /** Copies the tags, sorted. */
  public Outbound {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** Where Envoy listens for the application's connections to the service. */
  public HostPort listener() {
    return new HostPort(address != null ? address : DEFAULT_ADDRESS, port);
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
