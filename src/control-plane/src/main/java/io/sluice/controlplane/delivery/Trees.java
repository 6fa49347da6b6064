package io.sluice.controlplane.delivery;

import io.sluice.controlplane.changes.Inputs;
import io.sluice.rendering.OwnPart;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Digest;
import io.sluice.rendering.bundle.Folder;
import io.sluice.rendering.bundle.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One dataplane's bundle, the inputs it was rendered from, and the few bundles before it.
 *
 * @param own what of the current bundle no service changes
 * @param recent newest first, the current bundle leading
 */
record Trees(Inputs inputs, OwnPart own, List<Bundle> recent) {

  /** How many earlier bundles stay known, so that packs to slow hosts are small. */
  private static final int KEPT = 4;

  /** The folders of a bundle that are those of every dataplane with the same reach. */
  static final Set<String> SHARED = Set.of("dns/", "mesh/");

  Trees {
    recent = List.copyOf(recent);
  }

  Bundle current() {
    return recent.getFirst();
  }

  boolean renderedFrom(Inputs others) {
    return inputs.equals(others);
  }

  Trees then(Inputs newInputs, OwnPart newOwn, Bundle bundle) {
    List<Bundle> bundles = new ArrayList<>(List.of(bundle));
    recent.stream()
        .filter(earlier -> !earlier.digest().equals(bundle.digest()))
        .limit(KEPT - 1)
        .forEach(bundles::add);
    return new Trees(newInputs, newOwn, bundles);
  }

  Optional<Bundle> bundle(Digest digest) {
    return recent.stream().filter(bundle -> bundle.digest().equals(digest)).findFirst();
  }

  Optional<byte[]> object(Digest digest) {
    return recent.stream().flatMap(bundle -> bundle.object(digest).stream()).findFirst();
  }

  /**
   * Bytes held for this dataplane alone, a content that several of the bundles share counted once.
   * What it shares with others is held once for all of them.
   */
  int weight() {
    Set<Digest> counted = new HashSet<>();
    int[] bytes = {0};
    for (Bundle bundle : recent) {
      bundle
          .root()
          .forEach(
              (name, node) -> {
                if (!SHARED.contains(name)) {
                  bytes[0] += weight(node, counted);
                }
              });
    }
    return bytes[0];
  }

  private static int weight(Node node, Set<Digest> counted) {
    if (!counted.add(node.digest())) {
      return 0;
    }
    return switch (node) {
      case Content content -> content.bytes().length;
      case Folder folder -> {
        int[] bytes = {0};
        folder.forEach((name, each) -> bytes[0] += weight(each, counted));
        yield bytes[0];
      }
    };
  }
}
