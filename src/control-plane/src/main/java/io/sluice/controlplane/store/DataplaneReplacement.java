package io.sluice.controlplane.store;

import io.sluice.resources.dataplane.Claims;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.net.HostPort;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The most frequent write in one round trip: a dataplane that exists gets other content, and stays
 * where it is dialled, in a mesh whose policies say nothing of how traffic reaches a proxy. The
 * statement does nothing unless all of that is so; then, and for whatever its caller can't be told
 * in a line, the way of {@link DataplaneWrites} is taken, which looks, decides and explains.
 * RATIONALE.md says why this is not a repository's method.
 */
@Component
class DataplaneReplacement {

  /**
   * The row is changed only at the revision that was found with its claims: after waiting for
   * another writer, PostgreSQL compares with the row as that one left it, and claims are changed by
   * none but those who change the row.
   */
  private static final String REPLACE =
      """
      with asked as (
        select cast(? as text) as mesh, cast(? as text) as name, cast(? as jsonb) as spec),
      found as materialized (
        select d.revision, d.created_at, d.modified_at, d.spec = asked.spec as same,
          coalesce(
            (select string_agg(address || ' ' || port, ',' order by address || ' ' || port)
             from endpoint_claim c where c.mesh = d.mesh and c.dataplane = d.name), '') as claims
        from asked
        join dataplane d on d.mesh = asked.mesh and d.name = asked.name
        join mesh m on m.name = d.mesh and m.spec -> 'constraints' is null
          and not exists (
            select from mesh_resource p
            where p.mesh = m.name and p.type = 'MeshTransparentProxy'
              and (jsonb_path_exists(p.spec, '$.spec.default.mode')
                or jsonb_path_exists(p.spec, '$.spec.default.redirect.*.port')))
        where cast(? as bigint) in (0, d.revision)),
      written as (
        update dataplane d
        set spec = asked.spec, gateway = nullif(?, ''), tags = string_to_array(?, ' '),
            revision = nextval('revision'), modified_at = clock_timestamp()
        from asked, found
        where d.mesh = asked.mesh and d.name = asked.name and d.revision = found.revision
          and not found.same and found.claims = ?
        returning d.mesh, d.name, d.spec, d.revision, d.modified_at),
      recorded as (
        insert into history (revision, at, author, outcome, type, mesh, name, spec)
        select revision, modified_at, ?, 'UPDATED', 'Dataplane', mesh, name, spec from written)
      select coalesce(written.revision, found.revision) as revision, found.created_at,
        coalesce(written.modified_at, found.modified_at) as modified_at, found.same
      from found left join written on true
      where found.same or written.revision is not null
      """;

  private static final long ANY_REVISION = 0;

  private final JdbcTemplate database;
  private final SpecJson json;

  DataplaneReplacement(JdbcTemplate database, SpecJson json) {
    this.database = database;
    this.json = json;
  }

  /** What was written, or nothing if nothing was and the longer way must tell why. */
  Optional<WriteResult> put(Write.Put put, Author author) {
    if (!(put.resource() instanceof Dataplane dataplane)
        || !Capturing.violations(List.of(), dataplane).isEmpty()) {
      return Optional.empty();
    }
    return switch (put.precondition()) {
      case Write.Precondition.Absent() -> Optional.empty();
      case Write.Precondition.Anything(), Write.Precondition.Present() ->
          replace(dataplane, ANY_REVISION, author);
      case Write.Precondition.Revision(long revision) -> replace(dataplane, revision, author);
    };
  }

  private Optional<WriteResult> replace(Dataplane dataplane, long expected, Author author) {
    ResourceKey key = ResourceKey.of(dataplane);
    DataplaneColumns columns = DataplaneColumns.of(dataplane, json.write(dataplane));
    List<WriteResult> results =
        database.query(
            REPLACE,
            (row, _) -> result(key, dataplane, row),
            key.mesh(),
            key.name(),
            columns.spec(),
            expected,
            columns.gateway(),
            columns.tags(),
            claims(dataplane),
            author.name());
    return results.stream().findFirst();
  }

  /** The claims in the text and order in which the statement makes them of its rows. */
  private static String claims(Dataplane dataplane) {
    return Claims.of(dataplane).stream()
        .map(DataplaneReplacement::column)
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.joining(","));
  }

  private static String column(HostPort endpoint) {
    return endpoint.address() + " " + endpoint.port();
  }

  private static WriteResult result(ResourceKey key, Dataplane dataplane, ResultSet row)
      throws SQLException {
    return new WriteResult(
        row.getBoolean("same") ? WriteResult.Outcome.UNCHANGED : WriteResult.Outcome.UPDATED,
        new StoredResource(
            key,
            dataplane,
            row.getLong("revision"),
            instant(row, "created_at"),
            instant(row, "modified_at")));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
