package io.sluice.controlplane.changes;

/** The database is not a continuation of what was read before: everything is read again. */
final class Doubt extends Exception {

  private static final long serialVersionUID = 1L;

  Doubt(String reason) {
    super(reason);
  }
}
