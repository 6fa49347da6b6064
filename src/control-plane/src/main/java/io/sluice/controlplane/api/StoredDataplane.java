package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.services.Catalogue;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A dataplane and what its bundle is made of, as they are in the database.
 *
 * @param policies the mesh's
 * @param catalogue what the mesh offers, as the view in memory has it
 */
record StoredDataplane(
    StoredResource meshRow,
    StoredResource row,
    List<StoredResource> policies,
    Optional<StoredResource> facts,
    Catalogue catalogue) {

  StoredDataplane {
    policies = List.copyOf(policies);
  }

  /** What rendering sees. */
  Inputs inputs() {
    return Inputs.of(
        (Mesh) meshRow.resource(),
        (Dataplane) row.resource(),
        policies.stream().map(policy -> (MeshTransparentProxy) policy.resource()).toList(),
        facts.map(known -> (HostFacts) known.resource()),
        catalogue);
  }

  /** The highest revision among what rendering sees, services of others left out. */
  long revision() {
    List<MeshTransparentProxy> selecting = inputs().policies();
    return Stream.of(
            Stream.of(meshRow, row),
            facts.stream(),
            policies.stream()
                .filter(policy -> selecting.stream().anyMatch(policy.resource()::equals)))
        .flatMap(rows -> rows)
        .mapToLong(StoredResource::revision)
        .max()
        .orElseThrow();
  }
}
