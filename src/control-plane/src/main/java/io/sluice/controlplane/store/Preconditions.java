package io.sluice.controlplane.store;

import java.util.OptionalLong;

/** Compares what a writer demands with what is stored. */
final class Preconditions {

  private Preconditions() {}

  static void check(ResourceKey key, Write.Precondition demanded, OptionalLong stored) {
    switch (demanded) {
      case Write.Precondition.Anything() -> {}
      case Write.Precondition.Absent() -> {
        if (stored.isPresent()) {
          throw new StoreException.PreconditionFailed(
              key, describe(key) + " exists already, at revision " + stored.getAsLong());
        }
      }
      case Write.Precondition.Present() -> {
        if (stored.isEmpty()) {
          throw new StoreException.PreconditionFailed(key, describe(key) + " does not exist");
        }
      }
      case Write.Precondition.Revision(long revision) -> {
        if (stored.isEmpty()) {
          throw new StoreException.PreconditionFailed(
              key, describe(key) + " does not exist, revision " + revision + " was expected");
        }
        if (stored.getAsLong() != revision) {
          throw new StoreException.PreconditionFailed(
              key,
              "%s is at revision %d, %d was expected"
                  .formatted(describe(key), stored.getAsLong(), revision));
        }
      }
    }
  }

  private static String describe(ResourceKey key) {
    return key.type().toLowerCase(java.util.Locale.ROOT) + " " + key.name();
  }
}
