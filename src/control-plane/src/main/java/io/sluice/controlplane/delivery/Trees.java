package io.sluice.controlplane.delivery;

import io.sluice.controlplane.changes.Inputs;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Digest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One dataplane's bundle, the inputs it was rendered from, and the few bundles before it.
 *
 * @param recent newest first, the current bundle leading
 */
record Trees(Inputs inputs, List<Bundle> recent) {

  /** How many earlier bundles stay known, so that packs to slow hosts are small. */
  private static final int KEPT = 4;

  Trees {
    recent = List.copyOf(recent);
  }

  Bundle current() {
    return recent.getFirst();
  }

  boolean renderedFrom(Inputs others) {
    return inputs.equals(others);
  }

  Trees then(Inputs newInputs, Bundle bundle) {
    List<Bundle> bundles = new ArrayList<>(List.of(bundle));
    recent.stream()
        .filter(earlier -> !earlier.digest().equals(bundle.digest()))
        .limit(KEPT - 1)
        .forEach(bundles::add);
    return new Trees(newInputs, bundles);
  }

  Optional<Bundle> bundle(Digest digest) {
    return recent.stream().filter(bundle -> bundle.digest().equals(digest)).findFirst();
  }

  Optional<byte[]> object(Digest digest) {
    return recent.stream()
        .flatMap(bundle -> Optional.ofNullable(bundle.objects().get(digest)).stream())
        .findFirst();
  }

  /** Bytes held, an object that several of the bundles share counted once. */
  int weight() {
    Set<Digest> counted = new HashSet<>();
    int bytes = 0;
    for (Bundle bundle : recent) {
      for (var object : bundle.objects().entrySet()) {
        if (counted.add(object.getKey())) {
          bytes += object.getValue().length;
        }
      }
    }
    return bytes;
  }
}
