package io.sluice.controlplane.store;

/**
 * Who writes.
 *
 * @param name as history shows it, such as {@code admin}, {@code local} or {@code agent:web-1}
 */
public record Author(String name) {

  /** The control plane by itself. */
  public static final Author CONTROL_PLANE = new Author("sluice");

  /** The agent of a dataplane. */
  public static Author agentOf(ResourceKey dataplane) {
    return new Author("agent:" + dataplane.name());
  }
}
