package io.sluice.resources.mesh;

import io.sluice.resources.shape.Spelled;

/** Whether services are resources of their own. */
public record MeshServices(Generation mode) {

  /** For which services resources are made. */
  public enum Generation {
    @Spelled("Disabled")
    DISABLED,
    @Spelled("Everywhere")
    EVERYWHERE,
    @Spelled("ReachableBackends")
    REACHABLE_BACKENDS,
    @Spelled("Exclusive")
    EXCLUSIVE
  }
}
