package io.sluice.agent.prove;

import io.sluice.agent.bundle.RefusedException;

/** After a switch the control plane could not be reached any more. */
public final class UnreachableException extends RefusedException {
  private static final long serialVersionUID = 1L;

  UnreachableException() {
    super("with this bundle the control plane can't be reached from this host");
  }
}
