package io.sluice.controlplane.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.rendering.bundle.Difference;

/**
 * Packs of differences that many hosts have in common: when one endpoint changes, a thousand hosts
 * are sent the same bytes, which are then compressed once.
 */
final class PackedDifferences {

  /** Enough for some changes at once; a host that comes later costs one compression. */
  private static final long HELD_BYTES = 4L * 1024 * 1024;

  private final Cache<String, Pack> packs =
      Caffeine.newBuilder()
          .maximumWeight(HELD_BYTES)
          .weigher((String text, Pack pack) -> text.length() + pack.weight())
          .build();

  /** The pack of a difference, whose text names every content by its digest. */
  Pack pack(Difference difference) {
    return packs.get(difference.text(), text -> Pack.of(difference));
  }
}
