package io.sluice.controlplane.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Folder;
import io.sluice.rendering.bundle.Node;

/**
 * What the bundles of many dataplanes have in common, compressed once for all packs, for as long as
 * any bundle has it: it is one object in all of them, by which it is known here.
 */
final class Deflations {

  private final Cache<Node, Deflated> held = Caffeine.newBuilder().weakKeys().build();

  /** A file's content, or a folder's manifest. */
  Deflated of(Node node) {
    return held.get(node, Deflations::deflated);
  }

  /** How many are kept, those included that no bundle has any more. */
  long size() {
    return held.estimatedSize();
  }

  /** The same of what one dataplane alone has, which is not kept. */
  static Deflated deflated(Node node) {
    return switch (node) {
      case Content content -> Deflated.of(content.bytes());
      case Folder folder -> Deflated.of(folder.manifest());
    };
  }
}
