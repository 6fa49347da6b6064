package io.sluice.controlplane.store;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The resources in PostgreSQL. docs/store.md follows a write through it. */
@Service
class PostgresResourceStore implements ResourceStore {

  private static final int ATTEMPTS = 10;

  private final MeshRows meshRows;
  private final DataplaneRows dataplaneRows;
  private final MeshResourceRows meshResourceRows;
  private final HistoryRows historyRows;
  private final ResourceLists lists;
  private final MeshWrites meshes;
  private final DataplaneWrites dataplanes;
  private final DataplaneReplacement replacement;
  private final MeshResourceWrites meshResources;
  private final SpecJson json;
  private final TransactionTemplate transactions;
  private final CommitListener committed;
  private final SchemaGate schema;

  PostgresResourceStore(
      MeshRows meshRows,
      DataplaneRows dataplaneRows,
      MeshResourceRows meshResourceRows,
      HistoryRows historyRows,
      ResourceLists lists,
      MeshWrites meshes,
      DataplaneWrites dataplanes,
      DataplaneReplacement replacement,
      MeshResourceWrites meshResources,
      SpecJson json,
      PlatformTransactionManager transactionManager,
      CommitListener committed,
      SchemaGate schema) {
    this.meshRows = meshRows;
    this.dataplaneRows = dataplaneRows;
    this.meshResourceRows = meshResourceRows;
    this.historyRows = historyRows;
    this.lists = lists;
    this.meshes = meshes;
    this.dataplanes = dataplanes;
    this.replacement = replacement;
    this.meshResources = meshResources;
    this.json = json;
    this.transactions = new TransactionTemplate(transactionManager);
    this.committed = committed;
    this.schema = schema;
  }

  @Override
  public Optional<StoredResource> find(ResourceKey key) {
    schema.requireOpen();
    return switch (key.type()) {
      case Mesh.TYPE -> meshRows.findById(key.name()).map(row -> row.stored(json));
      case Dataplane.TYPE ->
          dataplaneRows
              .findById(new DataplaneRow.Key(key.mesh(), key.name()))
              .map(row -> row.stored(json));
      default ->
          meshResourceRows.findById(MeshResourceRow.Key.of(key)).map(row -> row.stored(json));
    };
  }

  @Override
  public List<StoredResource> every(String type, String mesh) {
    schema.requireOpen();
    return meshResourceRows.findByMeshAndTypeOrderByName(mesh, type).stream()
        .map(row -> row.stored(json))
        .toList();
  }

  @Override
  public ResourcePage list(ResourceQuery query) {
    schema.requireOpen();
    return lists.page(query);
  }

  @Override
  public List<HistoryEntry> history(ResourceKey key, long beforeRevision, int limit) {
    schema.requireOpen();
    return historyRows
        .findByTypeAndMeshAndNameAndRevisionLessThanOrderByRevisionDesc(
            key.type(), key.mesh(), key.name(), beforeRevision, Limit.of(limit))
        .stream()
        .map(row -> row.entry(json))
        .toList();
  }

  @Override
  public List<HistoryEntry> everyAt(String type, String mesh, long revision) {
    schema.requireOpen();
    return historyRows.lastOfEach(type, mesh, revision).stream()
        .map(row -> row.entry(json))
        .toList();
  }

  @Override
  public List<WriteResult> write(List<Write> writes, Author author) {
    schema.requireOpen();
    List<WriteResult> results =
        replaceAlone(writes, author).map(List::of).orElseGet(() -> transact(writes, author, false));
    if (results.stream().anyMatch(result -> result.outcome() != WriteResult.Outcome.UNCHANGED)) {
      committed.committed();
    }
    return results;
  }

  @Override
  public List<WriteResult> rehearse(List<Write> writes, Author author) {
    return transact(writes, author, true);
  }

  private Optional<WriteResult> replaceAlone(List<Write> writes, Author author) {
    if (writes.size() != 1 || !(writes.getFirst() instanceof Write.Put put)) {
      return Optional.empty();
    }
    try {
      return replacement.put(put, author);
    } catch (PessimisticLockingFailureException e) {
      return Optional.empty(); // a deadlock, which the longer way tries again
    }
  }

  private List<WriteResult> transact(List<Write> writes, Author author, boolean rollBack) {
    schema.requireOpen();
    for (int attempt = 1; ; attempt++) {
      Attempt how = attempt == 1 ? Attempt.HOPEFUL : Attempt.LOCKING;
      try {
        return transactions.execute(
            status -> {
              if (rollBack) {
                status.setRollbackOnly();
              }
              List<WriteResult> results = new ArrayList<>(writes.size());
              PolicyCheck policies = new PolicyCheck(meshResourceRows, dataplaneRows, json);
              for (Write write : writes) {
                results.add(apply(write, author, how, policies));
              }
              policies.complete();
              return List.copyOf(results);
            });
      } catch (Interference
          | PessimisticLockingFailureException
          | DataIntegrityViolationException e) {
        // Lost a race or a deadlock: what the winner did is visible now.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private WriteResult apply(Write write, Author author, Attempt attempt, PolicyCheck policies) {
    return switch (write) {
      case Write.Put(Mesh mesh, Write.Precondition precondition, Optional<String> _) ->
          meshes.put(mesh, precondition, author, attempt);
      case Write.Put(
              Dataplane dataplane,
              Write.Precondition precondition,
              Optional<String> replaces) ->
          dataplanes.put(dataplane, precondition, replaces, author, attempt);
      case Write.Put put ->
          meshResources.put(put.resource(), put.precondition(), author, attempt, policies);
      case Write.Delete(ResourceKey key, Write.Precondition precondition) ->
          switch (key.type()) {
            case Mesh.TYPE -> meshes.delete(key, precondition, author);
            case Dataplane.TYPE -> dataplanes.delete(key, precondition, author);
            default -> meshResources.delete(key, precondition, author, policies);
          };
    };
  }
}
