package io.sluice.controlplane.fleet;

import java.util.UUID;
import org.springframework.stereotype.Component;

/** This process among the control planes that share a database. */
@Component
public final class Replica {

  private final UUID id = UUID.randomUUID();

  /** Another one in each process. */
  public UUID id() {
    return id;
  }
}
