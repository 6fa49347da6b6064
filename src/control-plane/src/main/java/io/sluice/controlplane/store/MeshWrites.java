package io.sluice.controlplane.store;

import io.sluice.resources.mesh.Mesh;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Writes meshes, inside a transaction that the caller has begun. */
@Component
class MeshWrites {

  private static final Logger log = LoggerFactory.getLogger(MeshWrites.class);

  private final MeshRows meshes;
  private final DataplaneRows dataplanes;
  private final SpecJson json;

  MeshWrites(MeshRows meshes, DataplaneRows dataplanes, SpecJson json) {
    this.meshes = meshes;
    this.dataplanes = dataplanes;
    this.json = json;
  }

  WriteResult put(Mesh mesh, Write.Precondition precondition, Author author, Attempt attempt) {
    ResourceKey key = ResourceKey.of(mesh);
    if (attempt == Attempt.LOCKING) {
      boolean exists = meshes.lock(mesh.name()).isPresent();
      log.debug("{} is contended; it exists: {}", key, exists);
    }
    String spec = json.write(mesh);
    Optional<MeshRows.Found> found = meshes.compare(mesh.name(), spec);
    Preconditions.check(
        key,
        precondition,
        found.map(row -> OptionalLong.of(row.getRevision())).orElse(OptionalLong.empty()));
    if (found.isEmpty()) {
      Written written =
          meshes.create(mesh.name(), spec, author.name()).orElseThrow(() -> new Interference(key));
      return result(WriteResult.Outcome.CREATED, key, mesh, written);
    }
    if (found.get().getSame()) {
      return result(WriteResult.Outcome.UNCHANGED, key, mesh, found.get());
    }
    Written written =
        meshes
            .update(mesh.name(), spec, found.get().getRevision(), author.name())
            .orElseThrow(() -> new Interference(key));
    return result(WriteResult.Outcome.UPDATED, key, mesh, written);
  }

  WriteResult delete(ResourceKey key, Write.Precondition precondition, Author author) {
    // The lock waits for open transactions that add a dataplane and keeps new ones away.
    boolean exists = meshes.lock(key.name()).isPresent();
    Optional<StoredResource> stored =
        exists ? meshes.findById(key.name()).map(row -> row.stored(json)) : Optional.empty();
    Preconditions.check(
        key,
        precondition,
        stored.map(mesh -> OptionalLong.of(mesh.revision())).orElse(OptionalLong.empty()));
    StoredResource before = stored.orElseThrow(() -> new StoreException.NotFound(key));
    long members = dataplanes.countExactly(key.name());
    if (members > 0) {
      throw new StoreException.MeshInUse(key, members);
    }
    if (meshes.delete(key.name(), author.name()).isEmpty()) {
      throw new Interference(key);
    }
    return new WriteResult(WriteResult.Outcome.DELETED, before);
  }

  private static WriteResult result(
      WriteResult.Outcome outcome, ResourceKey key, Mesh mesh, Written written) {
    return new WriteResult(
        outcome,
        new StoredResource(
            key, mesh, written.getRevision(), written.getCreatedAt(), written.getModifiedAt()));
  }
}
