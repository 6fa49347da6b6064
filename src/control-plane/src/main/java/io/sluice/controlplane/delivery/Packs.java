package io.sluice.controlplane.delivery;

import org.jspecify.annotations.Nullable;

/** What an agent understands of packs, as the header {@code Sluice-Pack} of its poll says. */
enum Packs {
  /** Packs of manifests and files. */
  MANIFESTS,
  /** Also packs that say how the tree differs from the applied one. */
  DIFFERENCES;

  static Packs parse(@Nullable String header) {
    return "difference".equals(header) ? DIFFERENCES : MANIFESTS;
  }
}
