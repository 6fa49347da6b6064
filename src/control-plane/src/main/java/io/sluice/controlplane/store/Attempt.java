package io.sluice.controlplane.store;

/** How a write meets others on the same resource. */
enum Attempt {
  /** Without a lock: one round trip less, and lost only to a write that happens right now. */
  HOPEFUL,
  /** After such a loss: locks first, and so can't be lost again. */
  LOCKING
}
