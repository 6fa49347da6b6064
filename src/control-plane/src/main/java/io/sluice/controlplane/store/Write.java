package io.sluice.controlplane.store;

import io.sluice.resources.Resource;
import java.util.Optional;

/** One change that an author asks for. */
public sealed interface Write {

  /** What the write is about. */
  ResourceKey key();

  /** What must be true of the stored resource for the write to happen. */
  Precondition precondition();

  /**
   * Creates a resource or replaces it whole.
   *
   * @param replaces the name of a dataplane of the same mesh that is deleted in the same
   *     transaction if it holds an address that this one claims
   */
  record Put(Resource resource, Precondition precondition, Optional<String> replaces)
      implements Write {
    @Override
    public ResourceKey key() {
      return ResourceKey.of(resource);
    }
  }

  /** Deletes a resource; with a mesh goes what it owns, but not a mesh that has dataplanes. */
  record Delete(ResourceKey key, Precondition precondition) implements Write {}

  /** A condition on the stored resource. */
  sealed interface Precondition {

    /** Whatever there is. */
    record Anything() implements Precondition {}

    /** Nothing of that name exists ({@code If-None-Match: *}, and POST). */
    record Absent() implements Precondition {}

    /** It exists at exactly this revision ({@code If-Match: "7"}). */
    record Revision(long revision) implements Precondition {}

    /** It exists ({@code If-Match: *}). */
    record Present() implements Precondition {}
  }
}
