package io.sluice.resources.mesh;

import io.sluice.resources.dataplane.Metrics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where dataplanes offer metrics. */
public record MeshMetrics(@Nullable String enabledBackend, List<Metrics> backends) {

  /** Copies the list. */
  public MeshMetrics {
    backends = List.copyOf(backends);
  }
}
