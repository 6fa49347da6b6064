package io.sluice.controlplane.delivery;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Digest;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;
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
record Trees(Mesh mesh, Dataplane dataplane, List<Bundle> recent) {

  /** How many earlier bundles stay known, so that packs to slow hosts are small. */
  private static final int KEPT = 4;

  Trees {
    recent = List.copyOf(recent);
  }

  Bundle current() {
    return recent.getFirst();
  }

  boolean renderedFrom(Mesh ofMesh, Dataplane ofDataplane) {
    return mesh.equals(ofMesh) && dataplane.equals(ofDataplane);
  }

  Trees then(Mesh newMesh, Dataplane newDataplane, Bundle bundle) {
    List<Bundle> bundles = new ArrayList<>(List.of(bundle));
    recent.stream()
        .filter(earlier -> !earlier.digest().equals(bundle.digest()))
        .limit(KEPT - 1)
        .forEach(bundles::add);
    return new Trees(newMesh, newDataplane, bundles);
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
