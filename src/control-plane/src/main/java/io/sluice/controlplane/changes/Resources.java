package io.sluice.controlplane.changes;

import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.services.Catalogue;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * All resources at one moment. A persistent map: the next moment shares all but a few nodes with
 * this one, so that a change costs the logarithm of the total, and readers never wait or see half
 * of a transaction.
 */
record Resources(
    PMap<ResourceKey, StoredResource> byKey,
    PMap<String, PMap<String, StoredResource>> policiesByMesh,
    PMap<String, Catalogue> catalogues) {

  static Resources none() {
    return new Resources(HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());
  }

  Resources with(StoredResource resource) {
    ResourceKey key = resource.key();
    return new Resources(
        byKey.plus(key, resource),
        isPolicy(key)
            ? policiesByMesh.plus(key.mesh(), policies(key.mesh()).plus(key.name(), resource))
            : policiesByMesh,
        offering(key.mesh(), Offers.with(catalogue(key.mesh()), resource)));
  }

  Resources without(ResourceKey key) {
    return new Resources(
        byKey.minus(key),
        isPolicy(key) ? withoutPolicy(key) : policiesByMesh,
        offering(key.mesh(), Offers.without(catalogue(key.mesh()), key)));
  }

  /** What a mesh offers; nothing if there is no such mesh. */
  Catalogue catalogue(String mesh) {
    Catalogue catalogue = catalogues.get(mesh);
    return catalogue == null ? Catalogue.empty() : catalogue;
  }

  private PMap<String, Catalogue> offering(String mesh, Catalogue changed) {
    // Nothing of a mesh is left when the mesh goes, but its rows are read in no order.
    return changed.isEmpty() ? catalogues.minus(mesh) : catalogues.plus(mesh, changed);
  }

  private PMap<String, PMap<String, StoredResource>> withoutPolicy(ResourceKey key) {
    PMap<String, StoredResource> left = policies(key.mesh()).minus(key.name());
    return left.isEmpty()
        ? policiesByMesh.minus(key.mesh())
        : policiesByMesh.plus(key.mesh(), left);
  }

  @Nullable StoredResource get(ResourceKey key) {
    return byKey.get(key);
  }

  Optional<MeshViews.View> view(ResourceKey key) {
    StoredResource stored = byKey.get(key);
    StoredResource mesh = byKey.get(ResourceKey.mesh(key.mesh()));
    if (stored == null
        || mesh == null
        || !(stored.resource() instanceof Dataplane dataplane)
        || !(mesh.resource() instanceof Mesh itsMesh)) {
      return Optional.empty();
    }
    StoredResource facts = byKey.get(ResourceKey.facts(key.mesh(), key.name()));
    Inputs inputs =
        Inputs.of(
            itsMesh,
            dataplane,
            transparentProxies(key.mesh()),
            Optional.ofNullable(facts).map(row -> (HostFacts) row.resource()),
            catalogue(key.mesh()));
    long revision = Math.max(stored.revision(), mesh.revision());
    if (facts != null) {
      revision = Math.max(revision, facts.revision());
    }
    for (StoredResource policy : policies(key.mesh()).values()) {
      if (inputs.policies().stream().anyMatch(policy.resource()::equals)) {
        revision = Math.max(revision, policy.revision());
      }
    }
    return Optional.of(new MeshViews.View(inputs, stored, revision));
  }

  /** The policies of a mesh. */
  List<MeshTransparentProxy> transparentProxies(String mesh) {
    return policies(mesh).values().stream()
        .map(row -> (MeshTransparentProxy) row.resource())
        .toList();
  }

  private PMap<String, StoredResource> policies(String mesh) {
    PMap<String, StoredResource> policies = policiesByMesh.get(mesh);
    return policies == null ? HashTreePMap.empty() : policies;
  }

  private static boolean isPolicy(ResourceKey key) {
    return key.type().equals(MeshTransparentProxy.TYPE);
  }

  /** The keys at which another moment differs. */
  Set<ResourceKey> differences(Resources other) {
    Set<ResourceKey> keys = new HashSet<>();
    for (Map.Entry<ResourceKey, StoredResource> entry : byKey.entrySet()) {
      if (!Objects.equals(other.byKey.get(entry.getKey()), entry.getValue())) {
        keys.add(entry.getKey());
      }
    }
    for (ResourceKey key : other.byKey.keySet()) {
      if (!byKey.containsKey(key)) {
        keys.add(key);
      }
    }
    return keys;
  }

  /** What the database must say too, if nothing has been missed. */
  Checksum checksum() {
    long sum = 0;
    for (StoredResource resource : byKey.values()) {
      sum += resource.revision();
    }
    return new Checksum(byKey.size(), sum);
  }

  /**
   * How many resources there are, and the sum of their revisions.
   *
   * @param count the number of rows
   * @param sum changes with every write, because revisions only grow
   */
  record Checksum(long count, long sum) {}
}
