package io.sluice.controlplane.store;

/** Wants to know of each commit, after it; a hint, nothing may depend on it. */
public interface CommitListener {

  /** Something was committed. Returns at once. */
  void committed();
}
