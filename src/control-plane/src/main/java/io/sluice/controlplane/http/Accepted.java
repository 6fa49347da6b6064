package io.sluice.controlplane.http;

import io.sluice.resources.Resource;
import java.util.List;

/**
 * A resource that a body describes.
 *
 * @param warnings what its writer should know although it is accepted
 */
public record Accepted<R extends Resource>(R resource, List<String> warnings) {

  /** Copies the warnings. */
  public Accepted {
    warnings = List.copyOf(warnings);
  }
}
