package io.sluice.agent.bundle;

import java.io.IOException;

/** A file on this host's disk is not what its name says any more. */
final class DamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedException(String file) {
    super(file + " was changed on this host");
  }
}
