package io.sluice.resources.mesh;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Where access logs may go. */
public record Logging(@Nullable String defaultBackend, List<Backend> backends) {

  /** Copies the list. */
  public Logging {
    backends = List.copyOf(backends);
  }

  /**
   * One receiver of access logs.
   *
   * @param format what a line holds, in Envoy's notation
   * @param conf settings that the type alone understands
   */
  public record Backend(
      String name, @Nullable String format, @Nullable String type, @Nullable JsonNode conf) {}
}
