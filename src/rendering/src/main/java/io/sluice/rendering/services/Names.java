package io.sluice.rendering.services;

import io.sluice.resources.net.HostPort;
import java.util.List;

/**
 * The names of a mesh, and the inbounds that get none.
 *
 * @param names sorted by host
 * @param skipped sorted by dataplane and then as inbounds are declared
 */
public record Names(List<Name> names, List<Skipped> skipped) {

  /** Copies the lists. */
  public Names {
    names = List.copyOf(names);
    skipped = List.copyOf(skipped);
  }

  /**
   * An inbound to which somebody gives no name.
   *
   * @param listener the inbound's
   * @param origin who would give it one
   * @param reason such as {@code the inbound has no tag "version"}
   */
  public record Skipped(String dataplane, HostPort listener, Origin origin, String reason) {}
}
