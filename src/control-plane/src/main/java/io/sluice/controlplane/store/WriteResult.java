package io.sluice.controlplane.store;

import java.util.Optional;

/**
 * What became of a write.
 *
 * @param stored the resource after the write; for a deletion, as it was before
 * @param replaced the dataplane that was deleted because it held an address that was wanted
 */
public record WriteResult(Outcome outcome, StoredResource stored, Optional<ResourceKey> replaced) {

  /** A write that replaced nothing. */
  public WriteResult(Outcome outcome, StoredResource stored) {
    this(outcome, stored, Optional.empty());
  }

  /** The kinds of effects. */
  public enum Outcome {
    CREATED,
    UPDATED,
    /** The content was there already: nothing was written, no revision was used. */
    UNCHANGED,
    DELETED
  }
}
