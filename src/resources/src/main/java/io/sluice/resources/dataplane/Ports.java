package io.sluice.resources.dataplane;

import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;

/** What a port may be. */
final class Ports {

  private static final int HIGHEST = 65535;

  private Ports() {}

  static boolean isPort(int port) {
    return port >= 1 && port <= HIGHEST;
  }

  /**
   * Checks the port at a place whose last step names the field.
   *
   * @param name the field's own name, with which the message begins
   */
  static void check(int port, String name, Path at, Findings findings) {
    if (!isPort(port)) {
      findings.violation(
          at,
          name
              + " must be in the range [1, "
              + HIGHEST
              + "]; it is "
              + (port == 0 ? "0 or absent" : port));
    }
  }
}
