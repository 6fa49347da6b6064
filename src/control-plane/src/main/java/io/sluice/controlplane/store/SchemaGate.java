package io.sluice.controlplane.store;

/** Whether the database has been reached and its tables are those of this release. */
public interface SchemaGate {

  /**
   * Returns if the store can be used.
   *
   * @throws org.springframework.dao.DataAccessResourceFailureException if it can't be used yet
   */
  void requireOpen();

  /** Runs once the store can be used; at once if that is now. */
  void whenOpen(Runnable action);
}
