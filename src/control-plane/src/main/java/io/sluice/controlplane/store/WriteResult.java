package io.sluice.controlplane.store;

/**
 * What became of a write.
 *
 * @param stored the resource after the write; for a deletion, as it was before
 */
public record WriteResult(Outcome outcome, StoredResource stored) {

  /** The kinds of effects. */
  public enum Outcome {
    CREATED,
    UPDATED,
    /** The content was there already: nothing was written, no revision was used. */
    UNCHANGED,
    DELETED
  }
}
