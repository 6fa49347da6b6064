package io.sluice.rendering.services;

import io.sluice.resources.discovery.VirtualAddress;
import java.util.List;
import java.util.Optional;

/**
 * A name that the mesh wants to have.
 *
 * @param host in lower case
 * @param address empty until one is given to it; it has no listeners and no answer until then
 * @param ports sorted
 */
public record Name(String host, Optional<VirtualAddress> address, List<Port> ports) {

  /** Copies the list. */
  public Name {
    ports = List.copyOf(ports);
  }

  /**
   * Where a port of the name leads.
   *
   * @param losers who wanted it to lead elsewhere, the next to win first
   */
  public record Port(Claim winner, List<Claim> losers) {

    /** Copies the list. */
    public Port {
      losers = List.copyOf(losers);
    }

    public int port() {
      return winner.port();
    }
  }
}
