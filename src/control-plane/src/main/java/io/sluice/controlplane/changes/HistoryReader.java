package io.sluice.controlplane.changes;

import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.SpecJson;
import io.sluice.controlplane.store.StoredResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Set;

/** Reads moments from the database. It keeps no state: a connection and the last moment do. */
final class HistoryReader {

  private static final int ROWS_AT_ONCE = 500;

  /**
   * The tables' files change when the tables are made again, emptied or restored: the transaction
   * ids in a restored history say nothing about this server.
   */
  private static final String HEADER =
      """
      select cast(pg_current_snapshot() as text) as snapshot,
        concat_ws('/',
          cast('history' as regclass)::oid, pg_relation_filenode('history'),
          pg_relation_filenode('mesh'), pg_relation_filenode('dataplane'),
          pg_relation_filenode('mesh_resource')) as identity,
        (select coalesce(max(revision), 0) from history) as last_revision,
        pg_is_in_recovery() as standby
      """;

  private static final String ALL =
      """
      select 'Mesh' as type, '' as mesh, name, spec, revision, created_at, modified_at from mesh
      union all
      select 'Dataplane', mesh, name, spec, revision, created_at, modified_at from dataplane
      union all
      select type, mesh, name, spec, revision, created_at, modified_at from mesh_resource
      """;

  private static final String CHANGED =
      """
      with header as materialized (%s),
      changed as (
        select distinct type, mesh, name from history
        where xid >= cast(cast(? as text) as xid8)
          or xid = any (cast(cast(? as text[]) as xid8[])))
      select header.*, c.type, c.mesh, c.name,
        coalesce(m.spec, d.spec, r.spec) as spec,
        coalesce(m.revision, d.revision, r.revision) as revision,
        coalesce(m.created_at, d.created_at, r.created_at) as created_at,
        coalesce(m.modified_at, d.modified_at, r.modified_at) as modified_at
      from header
      left join changed c on true
      left join mesh m on c.type = 'Mesh' and m.name = c.name
      left join dataplane d on c.type = 'Dataplane' and d.mesh = c.mesh and d.name = c.name
      left join mesh_resource r on r.type = c.type and r.mesh = c.mesh and r.name = c.name
      """
          .formatted(HEADER);

  private static final String CHECKSUM =
      """
      select count(*), coalesce(sum(revision), 0)
      from (
        select revision from mesh union all select revision from dataplane
        union all select revision from mesh_resource) as every
      """;

  private final SpecJson json;

  HistoryReader(SpecJson json) {
    this.json = json;
  }

  /** Reads everything, in one snapshot. */
  Moment load(Connection connection) throws SQLException {
    begin(connection);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(ROWS_AT_ONCE);
      Header header;
      try (ResultSet row = statement.executeQuery(HEADER)) {
        row.next();
        header = Header.of(row);
      }
      Resources resources = Resources.none();
      try (ResultSet rows = statement.executeQuery(ALL)) {
        while (rows.next()) {
          resources = resources.with(resource(rows));
        }
      }
      return header.moment(resources);
    } finally {
      end(connection);
    }
  }

  /** Reads what was committed since a moment, in one statement and so in one snapshot. */
  Moment.Step follow(Connection connection, Moment last) throws SQLException, Doubt {
    Resources resources = last.resources();
    Set<ResourceKey> changed = new HashSet<>();
    Header header;
    try (PreparedStatement statement = connection.prepareStatement(CHANGED)) {
      statement.setString(1, Long.toString(last.snapshot().from()));
      Object[] open = last.snapshot().open().stream().map(String::valueOf).toArray();
      statement.setArray(2, connection.createArrayOf("text", open));
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        header = Header.of(rows);
        header.requireContinuation(last);
        do {
          if (rows.getString("type") == null) {
            break;
          }
          ResourceKey key = key(rows);
          changed.add(key);
          resources =
              rows.getString("spec") == null
                  ? resources.without(key)
                  : resources.with(resource(rows));
        } while (rows.next());
      }
    }
    return new Moment.Step(header.moment(resources), Set.copyOf(changed));
  }

  /** Compares a moment that follows {@code last} with all the rows, in one snapshot. */
  Moment.Step followAndVerify(Connection connection, Moment last) throws SQLException, Doubt {
    begin(connection);
    try (Statement statement = connection.createStatement()) {
      Moment.Step step = follow(connection, last);
      try (ResultSet row = statement.executeQuery(CHECKSUM)) {
        row.next();
        Resources.Checksum stored = new Resources.Checksum(row.getLong(1), row.getLong(2));
        if (!stored.equals(step.moment().resources().checksum())) {
          throw new Doubt("the rows are not those of the view");
        }
      }
      return step;
    } finally {
      end(connection);
    }
  }

  private static void begin(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("set transaction isolation level repeatable read, read only");
    }
  }

  private static void end(Connection connection) throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
  }

  private StoredResource resource(ResultSet row) throws SQLException {
    ResourceKey key = key(row);
    return new StoredResource(
        key,
        json.read(row.getString("spec")),
        row.getLong("revision"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("modified_at", OffsetDateTime.class).toInstant());
  }

  private static ResourceKey key(ResultSet row) throws SQLException {
    return new ResourceKey(row.getString("type"), row.getString("mesh"), row.getString("name"));
  }

  private record Header(Snapshot snapshot, String identity, long lastRevision, boolean standby) {

    static Header of(ResultSet row) throws SQLException {
      return new Header(
          Snapshot.parse(row.getString("snapshot")),
          row.getString("identity"),
          row.getLong("last_revision"),
          row.getBoolean("standby"));
    }

    Moment moment(Resources resources) {
      return new Moment(resources, snapshot, identity, lastRevision);
    }

    void requireContinuation(Moment last) throws Doubt {
      if (standby) {
        throw new Doubt("the server is a standby");
      }
      if (!identity.equals(last.identity())) {
        throw new Doubt("the tables were made again");
      }
      if (lastRevision < last.lastRevision() || snapshot.from() < last.snapshot().from()) {
        throw new Doubt("the database went back in time");
      }
    }
  }
}
