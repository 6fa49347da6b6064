package io.sluice.controlplane.store;

import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.net.IpAddress;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives addresses to names. Who gives in a mesh holds a lock until the commit, so that replicas
 * that want the same at once get the same; unique indexes would refuse anything else.
 */
@Component
public class VirtualAddressStore {

  private static final String LOCK =
      "select pg_advisory_xact_lock(hashtextextended('VirtualAddress/' || ?, 0))";

  private static final String KNOWN =
      """
      select name, spec ->> 'ipv4' as ipv4, spec ->> 'ipv6' as ipv6, spec ->> 'released' as released
      from mesh_resource where mesh = ? and type = 'VirtualAddress'
      """;

  private static final String WRITE =
      """
      with given as (
        select name, cast(spec as jsonb) as spec, nextval('revision') as revision,
          clock_timestamp() as t
        from unnest(cast(? as text[]), cast(? as text[])) as each (name, spec)),
      written as (
        insert into mesh_resource (type, mesh, name, spec, revision, created_at, modified_at)
        select 'VirtualAddress', ?, name, spec, revision, t, t from given
        on conflict (mesh, type, name) do update
          set spec = excluded.spec, revision = excluded.revision, modified_at = excluded.modified_at
        returning *)
      insert into history (revision, at, author, outcome, type, mesh, name, spec)
      select revision, modified_at, 'sluice',
        case when created_at = modified_at then 'CREATED' else 'UPDATED' end,
        type, mesh, name, spec
      from written
      """;

  private static final String OUTDATED =
      """
      select distinct mesh from mesh_resource
      where type = 'VirtualAddress' and cast(spec ->> 'released' as timestamptz) < ?
      """;

  private static final String FORGET =
      """
      with gone as (
        delete from mesh_resource
        where type = 'VirtualAddress' and mesh = ?
          and cast(spec ->> 'released' as timestamptz) < ?
        returning type, mesh, name)
      insert into history (revision, at, author, outcome, type, mesh, name)
      select nextval('revision'), clock_timestamp(), 'sluice', 'DELETED', type, mesh, name from gone
      """;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final SpecJson json;
  private final CommitListener committed;
  private final SchemaGate schema;

  VirtualAddressStore(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      SpecJson json,
      CommitListener committed,
      SchemaGate schema) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.json = json;
    this.committed = committed;
    this.schema = schema;
  }

  /**
   * What became of a wish for addresses.
   *
   * @param given how many hosts have got some, their former ones included
   * @param refused the hosts for which none are left
   */
  public record Allocation(int given, List<String> refused) {

    /** Copies the list. */
    public Allocation {
      refused = List.copyOf(refused);
    }
  }

  /**
   * Gives addresses to those of the hosts that have none, released ones again to whom they
   * belonged; nothing in a mesh that is no more.
   */
  public Allocation allocate(
      String mesh, Collection<String> hosts, AddressRange ipv4, AddressRange ipv6) {
    schema.requireOpen();
    try {
      return committing(
          mesh,
          known -> {
            Batch batch = new Batch(mesh, known);
            Allotment allotment = new Allotment(mesh, known, ipv4, ipv6);
            new TreeSet<>(hosts).forEach(host -> batch.give(host, allotment.of(host)));
            return batch;
          });
    } catch (DataIntegrityViolationException e) {
      if (meshExists(mesh)) {
        throw e;
      }
      return new Allocation(0, List.of());
    }
  }

  /**
   * What {@link #allocate} would give the hosts now, without those for which nothing is left.
   * Nothing is written or locked: who writes first may get other addresses.
   */
  public List<VirtualAddress> foresee(
      String mesh, Collection<String> hosts, AddressRange ipv4, AddressRange ipv6) {
    schema.requireOpen();
    Allotment allotment = new Allotment(mesh, known(mesh), ipv4, ipv6);
    return new TreeSet<>(hosts).stream().flatMap(host -> allotment.of(host).stream()).toList();
  }

  /** Takes the addresses from hosts that want them no more; for a while nobody else gets them. */
  public void release(String mesh, Collection<String> hosts) {
    schema.requireOpen();
    committing(
        mesh,
        known -> {
          Instant now = now();
          Batch batch = new Batch(mesh, known);
          hosts.forEach(host -> batch.release(host, now));
          return batch;
        });
  }

  /** Forgets what was released so long ago; its addresses are free then. */
  public void forget(Duration releasedFor) {
    schema.requireOpen();
    Timestamp before = Timestamp.from(now().minus(releasedFor));
    for (String mesh : outdated(before)) {
      transaction.executeWithoutResult(
          status -> {
            lock(mesh);
            jdbc.update(FORGET, mesh, before);
          });
      committed.committed();
    }
  }

  private List<String> outdated(Timestamp before) {
    List<String> meshes = new ArrayList<>();
    jdbc.query(
        OUTDATED,
        row -> {
          meshes.add(row.getString("mesh"));
        },
        before);
    return meshes;
  }

  /** What of a mesh's addresses is to be written. */
  private interface Change {
    Batch of(Map<String, VirtualAddress> known);
  }

  private Allocation committing(String mesh, Change change) {
    Batch batch =
        transaction.execute(
            status -> {
              lock(mesh);
              Batch changed = change.of(known(mesh));
              if (!changed.written.isEmpty()) {
                jdbc.update(WRITE, changed.names(), changed.specs(), mesh);
              }
              return changed;
            });
    if (!batch.written.isEmpty()) {
      committed.committed();
    }
    return new Allocation(batch.written.size(), batch.refused);
  }

  private void lock(String mesh) {
    jdbc.query(LOCK, row -> {}, mesh);
  }

  private Map<String, VirtualAddress> known(String mesh) {
    Map<String, VirtualAddress> known = new HashMap<>();
    jdbc.query(
        KNOWN,
        row -> {
          String released = row.getString("released");
          String host = row.getString("name");
          known.put(
              host,
              new VirtualAddress(
                  mesh,
                  host,
                  address(row.getString("ipv4")),
                  address(row.getString("ipv6")),
                  released == null ? null : Instant.parse(released)));
        },
        mesh);
    return known;
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text)
        .orElseThrow(() -> new IllegalStateException("no address in the database: " + text));
  }

  /** The database's time, the same for all replicas. */
  private Instant now() {
    Timestamp now = jdbc.queryForObject("select clock_timestamp()", Timestamp.class);
    if (now == null) {
      throw new IllegalStateException("the database knows no time");
    }
    return now.toInstant();
  }

  private boolean meshExists(String mesh) {
    return !jdbc.queryForList("select 1 from mesh where name = ?", mesh).isEmpty();
  }

  /** The rows that one transaction writes. */
  private final class Batch {

    private final String mesh;
    private final Map<String, VirtualAddress> known;
    private final List<VirtualAddress> written = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    Batch(String mesh, Map<String, VirtualAddress> known) {
      this.mesh = mesh;
      this.known = known;
    }

    void give(String host, Optional<VirtualAddress> address) {
      if (address.isEmpty()) {
        refused.add(host);
      } else if (!address.get().equals(known.get(host))) {
        written.add(address.get());
      }
    }

    void release(String host, Instant now) {
      VirtualAddress former = known.get(host);
      if (former != null && former.inUse()) {
        written.add(new VirtualAddress(mesh, host, former.ipv4(), former.ipv6(), now));
      }
    }

    String[] names() {
      return written.stream().map(VirtualAddress::name).toArray(String[]::new);
    }

    String[] specs() {
      return written.stream().map(json::write).toArray(String[]::new);
    }
  }
}
