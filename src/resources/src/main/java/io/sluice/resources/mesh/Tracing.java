package io.sluice.resources.mesh;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Where traces may go. */
public record Tracing(@Nullable String defaultBackend, List<Backend> backends) {

  /** Copies the list. */
  public Tracing {
    backends = List.copyOf(backends);
  }

  /**
   * One receiver of traces.
   *
   * @param sampling the percentage of requests that are traced, absent means all
   * @param conf settings that the type alone understands
   */
  public record Backend(
      String name, @Nullable Double sampling, @Nullable String type, @Nullable JsonNode conf) {}
}
