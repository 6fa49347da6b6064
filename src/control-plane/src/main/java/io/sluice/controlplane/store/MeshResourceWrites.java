package io.sluice.controlplane.store;

import io.sluice.resources.Resource;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.host.HostFacts;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Writes policies and what was found out about hosts and names, inside a transaction that the
 * caller has begun.
 */
@Component
class MeshResourceWrites {

  private static final Logger log = LoggerFactory.getLogger(MeshResourceWrites.class);

  private final MeshResourceRows rows;
  private final SpecJson json;

  MeshResourceWrites(MeshResourceRows rows, SpecJson json) {
    this.rows = rows;
    this.json = json;
  }

  WriteResult put(
      Resource resource,
      Write.Precondition precondition,
      Author author,
      Attempt attempt,
      PolicyCheck check) {
    ResourceKey key = ResourceKey.of(resource);
    if (attempt == Attempt.LOCKING) {
      boolean exists = rows.lock(key.type(), key.mesh(), key.name()).isPresent();
      log.debug("{} is contended; it exists: {}", key, exists);
    }
    String spec = json.write(resource);
    String dataplane = goesWithItsDataplane(resource) ? key.name() : "";
    MeshResourceRows.Found found =
        rows.compare(key.type(), key.mesh(), key.name(), spec, dataplane)
            .orElseThrow(() -> new StoreException.MeshNotFound(key));
    if (!found.getAnchored()) {
      throw new StoreException.NotFound(ResourceKey.dataplane(key.mesh(), key.name()));
    }
    Long revision = found.getRevision();
    Preconditions.check(
        key, precondition, revision == null ? OptionalLong.empty() : OptionalLong.of(revision));
    if (found.getSame()) {
      return unchanged(key, resource, found);
    }
    check.before(key, found.getSiblings());
    Written written =
        (revision == null
                ? rows.create(key.type(), key.mesh(), key.name(), spec, author.name())
                : rows.update(key.type(), key.mesh(), key.name(), spec, revision, author.name()))
            .orElseThrow(() -> new Interference(key));
    return new WriteResult(
        revision == null ? WriteResult.Outcome.CREATED : WriteResult.Outcome.UPDATED,
        new StoredResource(
            key, resource, written.getRevision(), written.getCreatedAt(), written.getModifiedAt()));
  }

  WriteResult delete(
      ResourceKey key, Write.Precondition precondition, Author author, PolicyCheck check) {
    boolean exists = rows.lock(key.type(), key.mesh(), key.name()).isPresent();
    Optional<StoredResource> stored =
        exists
            ? rows.findById(MeshResourceRow.Key.of(key)).map(row -> row.stored(json))
            : Optional.empty();
    Preconditions.check(
        key,
        precondition,
        stored.map(row -> OptionalLong.of(row.revision())).orElse(OptionalLong.empty()));
    StoredResource before = stored.orElseThrow(() -> new StoreException.NotFound(key));
    check.before(key);
    if (rows.delete(key.type(), key.mesh(), key.name(), author.name()).isEmpty()) {
      throw new Interference(key);
    }
    return new WriteResult(WriteResult.Outcome.DELETED, before);
  }

  private static boolean goesWithItsDataplane(Resource resource) {
    return switch (resource) {
      case HostFacts _, DataplaneHealth _, DataplanePresence _ -> true;
      default -> false;
    };
  }

  private static WriteResult unchanged(
      ResourceKey key, Resource resource, MeshResourceRows.Found found) {
    Long revision = found.getRevision();
    Instant created = found.getCreatedAt();
    Instant modified = found.getModifiedAt();
    if (revision == null || created == null || modified == null) {
      throw new IllegalStateException("a row without a revision: " + key);
    }
    return new WriteResult(
        WriteResult.Outcome.UNCHANGED,
        new StoredResource(key, resource, revision, created, modified));
  }
}
