package io.sluice.controlplane.changes;

import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;
import java.util.HashSet;
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
record Resources(PMap<ResourceKey, StoredResource> byKey) {

  static Resources none() {
    return new Resources(HashTreePMap.empty());
  }

  Resources with(StoredResource resource) {
    return new Resources(byKey.plus(resource.key(), resource));
  }

  Resources without(ResourceKey key) {
    return new Resources(byKey.minus(key));
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
    long revision = Math.max(stored.revision(), mesh.revision());
    return Optional.of(new MeshViews.View(itsMesh, dataplane, stored, revision));
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
