package io.sluice.controlplane.delivery;

import io.sluice.rendering.bundle.Bundle;

/** What there is to say to a host that asks for its bundle. */
sealed interface Answer {

  /** The bundle, rendered from this revision of the store. */
  record Current(Bundle bundle, long revision) implements Answer {}

  /** What is known about the host is not what the host knows. */
  record OtherFacts() implements Answer {}

  /** There is no such dataplane, and there never was. */
  record Unknown() implements Answer {}

  /** History says that the dataplane was deleted, and why. */
  record Deleted(Deletion why) implements Answer {}

  /** The resources have not been loaded from the database yet. */
  record NotLoaded() implements Answer {}
}
