package io.sluice.agent.bundle;

import java.io.IOException;

/** A difference that does not lead from the bundle in force to the one that was announced. */
public final class UnfitDifferenceException extends IOException {
  private static final long serialVersionUID = 1L;

  UnfitDifferenceException(String reason) {
    super(reason);
  }
}
