package io.sluice.controlplane.store;

import java.util.List;
import java.util.Optional;

/**
 * Resources and their history. What a method has returned from is durable. A database that can't be
 * reached shows as Spring's {@code DataAccessException} or {@code TransactionException}.
 */
public interface ResourceStore {

  /** The resource of this key. */
  Optional<StoredResource> find(ResourceKey key);

  /** All resources of a type in a mesh, by name; for types of which a mesh has few. */
  List<StoredResource> every(String type, String mesh);

  /** One page of resources, ordered by mesh and name; its cost does not depend on the total. */
  ResourcePage list(ResourceQuery query);

  /**
   * Does all writes in one transaction, in their order, or none of them.
   *
   * @return a result for each write, in the same order
   * @throws StoreException for the first write that is refused
   */
  List<WriteResult> write(List<Write> writes, Author author);

  /** What {@link #write} would do: it is done and rolled back. */
  List<WriteResult> rehearse(List<Write> writes, Author author);

  /**
   * For each resource of a type that a mesh has ever had, the last write up to a revision, by name.
   * What was deleted by then is among them, as a deletion.
   */
  List<HistoryEntry> everyAt(String type, String mesh, long revision);

  /** The history of one resource, newest first, at most {@code limit} entries before a revision. */
  List<HistoryEntry> history(ResourceKey key, long beforeRevision, int limit);
}
