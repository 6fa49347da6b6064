package io.sluice.controlplane.changes;

import io.sluice.controlplane.store.ResourceKey;
import java.util.Set;

/**
 * The resources as one look at the database found them.
 *
 * @param snapshot what the look could see
 * @param identity the tables looked at
 * @param lastRevision the highest revision in the history; it never falls while the tables are the
 *     same
 */
record Moment(Resources resources, Snapshot snapshot, String identity, long lastRevision) {

  /** A later moment and the keys of what changed until then. */
  record Step(Moment moment, Set<ResourceKey> changed) {}
}
