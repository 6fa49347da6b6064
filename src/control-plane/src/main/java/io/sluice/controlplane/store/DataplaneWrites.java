package io.sluice.controlplane.store;

import io.sluice.resources.dataplane.Claims;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Membership;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.net.HostPort;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.validation.Violation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Writes dataplanes, inside a transaction that the caller has begun. */
@Component
class DataplaneWrites {

  private static final Logger log = LoggerFactory.getLogger(DataplaneWrites.class);

  private final DataplaneRows dataplanes;
  private final EndpointClaims claims;
  private final SpecJson json;

  DataplaneWrites(DataplaneRows dataplanes, EndpointClaims claims, SpecJson json) {
    this.dataplanes = dataplanes;
    this.claims = claims;
    this.json = json;
  }

  WriteResult put(
      Dataplane dataplane,
      Write.Precondition precondition,
      Optional<String> replaces,
      Author author,
      Attempt attempt) {
    ResourceKey key = ResourceKey.of(dataplane);
    DataplaneColumns columns = DataplaneColumns.of(dataplane, json.write(dataplane));
    if (attempt == Attempt.LOCKING) {
      boolean exists = dataplanes.lock(key.mesh(), key.name()).isPresent();
      log.debug("{} is contended; it exists: {}", key, exists);
    }
    DataplaneRows.Found found =
        dataplanes
            .compare(key.mesh(), key.name(), columns.spec())
            .orElseThrow(() -> new StoreException.MeshNotFound(key));
    Long revision = found.getRevision();
    Preconditions.check(
        key, precondition, revision == null ? OptionalLong.empty() : OptionalLong.of(revision));
    requireMembership(key, dataplane, found.getConstrainedBy());
    if (found.getSame()) {
      return unchanged(key, dataplane, found);
    }
    requireCapturable(key, dataplane, found.getPolicies());
    Written written =
        (revision == null ? create(key, columns, author) : update(key, columns, revision, author))
            .orElseThrow(() -> new Interference(key));
    boolean replaced =
        claim(key, Claims.of(dataplane), found.getClaims(), replaces.orElse(""), author);
    return new WriteResult(
        revision == null ? WriteResult.Outcome.CREATED : WriteResult.Outcome.UPDATED,
        new StoredResource(
            key, dataplane, written.getRevision(), written.getCreatedAt(), written.getModifiedAt()),
        replaces.filter(other -> replaced).map(other -> ResourceKey.dataplane(key.mesh(), other)));
  }

  WriteResult delete(ResourceKey key, Write.Precondition precondition, Author author) {
    DataplaneRow.Key id = new DataplaneRow.Key(key.mesh(), key.name());
    boolean exists = dataplanes.lock(key.mesh(), key.name()).isPresent();
    Optional<StoredResource> stored =
        exists ? dataplanes.findById(id).map(row -> row.stored(json)) : Optional.empty();
    Preconditions.check(
        key,
        precondition,
        stored.map(row -> OptionalLong.of(row.revision())).orElse(OptionalLong.empty()));
    StoredResource before = stored.orElseThrow(() -> new StoreException.NotFound(key));
    if (dataplanes.delete(key.mesh(), key.name(), author.name()).isEmpty()) {
      throw new Interference(key);
    }
    return new WriteResult(WriteResult.Outcome.DELETED, before);
  }

  /**
   * A restriction that is committed while this transaction runs does not bind it: the order is then
   * dataplane first, and joining is judged once.
   */
  private void requireMembership(
      ResourceKey key, Dataplane dataplane, @Nullable String constrainedBy) {
    if (constrainedBy == null || !(json.read(constrainedBy) instanceof Mesh mesh)) {
      return;
    }
    List<Violation> violations = Membership.violations(mesh, dataplane);
    if (!violations.isEmpty()) {
      throw new StoreException.MembershipRefused(
          key, violations.stream().map(Violation::reason).collect(Collectors.joining("; ")));
    }
  }

  /**
   * A policy that is committed while this transaction runs does not count; what then does not go
   * together is refused when it is rendered.
   */
  private void requireCapturable(ResourceKey key, Dataplane dataplane, @Nullable String policies) {
    List<Violation> violations =
        Capturing.violations(json.readAll(policies, MeshTransparentProxy.class), dataplane);
    if (!violations.isEmpty()) {
      throw new StoreException.CaptureRefused(key, violations);
    }
  }

  private Optional<Written> create(ResourceKey key, DataplaneColumns columns, Author author) {
    return dataplanes.create(
        key.mesh(), key.name(), columns.spec(), columns.gateway(), columns.tags(), author.name());
  }

  private Optional<Written> update(
      ResourceKey key, DataplaneColumns columns, long read, Author author) {
    return dataplanes.update(
        key.mesh(),
        key.name(),
        columns.spec(),
        columns.gateway(),
        columns.tags(),
        read,
        author.name());
  }

  /**
   * Takes the addresses that a dataplane wants and does not hold.
   *
   * @param replaceable the dataplane that is deleted if it holds one of them; a name that holds
   *     none, by mistake or because the write is repeated, loses nothing
   * @return whether that happened
   */
  private boolean claim(
      ResourceKey key,
      SortedSet<HostPort> wanted,
      @Nullable String heldText,
      String replaceable,
      Author author) {
    Set<String> held =
        heldText == null
            ? Set.of()
            : Arrays.stream(heldText.split(",")).collect(Collectors.toSet());
    Set<String> kept =
        wanted.stream().map(DataplaneWrites::column).collect(Collectors.toCollection(TreeSet::new));
    if (!kept.containsAll(held)) {
      claims.releaseOthers(key.mesh(), key.name(), String.join(",", kept));
    }
    boolean replaced = false;
    for (HostPort endpoint : wanted) {
      if (held.contains(column(endpoint)) || take(key, endpoint)) {
        continue;
      }
      String holder =
          claims
              .holder(key.mesh(), endpoint.address(), endpoint.port())
              .orElseThrow(() -> new Interference(key));
      if (!holder.equals(replaceable)) {
        throw new StoreException.AddressClaimed(key, endpoint.toString(), holder);
      }
      remove(ResourceKey.dataplane(key.mesh(), holder), author);
      if (!take(key, endpoint)) {
        throw new Interference(key);
      }
      replaced = true;
    }
    return replaced;
  }

  private void remove(ResourceKey key, Author author) {
    if (dataplanes.lock(key.mesh(), key.name()).isPresent()) {
      dataplanes.delete(key.mesh(), key.name(), author.name());
    }
  }

  private boolean take(ResourceKey key, HostPort endpoint) {
    return claims.take(key.mesh(), endpoint.address(), endpoint.port(), key.name()) > 0;
  }

  private static String column(HostPort endpoint) {
    return endpoint.address() + " " + endpoint.port();
  }

  private static WriteResult unchanged(
      ResourceKey key, Dataplane dataplane, DataplaneRows.Found found) {
    if (found.getRevision() == null
        || found.getCreatedAt() == null
        || found.getModifiedAt() == null) {
      throw new IllegalStateException("a row without a revision: " + key);
    }
    return new WriteResult(
        WriteResult.Outcome.UNCHANGED,
        new StoredResource(
            key, dataplane, found.getRevision(), found.getCreatedAt(), found.getModifiedAt()));
  }
}
