package io.sluice.resources.dataplane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Virtual probes: one plain HTTP port from which paths lead to inbounds. Known, not acted on yet.
 */
public record Probes(@Nullable Integer port, List<Endpoint> endpoints) {

  /** Copies the list. */
  public Probes {
    endpoints = List.copyOf(endpoints);
  }

  /** One path and where it leads. */
  public record Endpoint(
      @Nullable Integer inboundPort, @Nullable String inboundPath, @Nullable String path) {}
}
