package io.sluice.controlplane.discovery;

import io.sluice.controlplane.fleet.Replica;
import io.sluice.controlplane.store.ResourceKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** What replicas tell each other about agents that they do not hear. */
@Repository
class SilenceTable {

  private static final String ADOPT =
      """
      insert into dataplane_silence (mesh, name, patience_seconds)
      select s.mesh, s.name, ? from dataplane_status s
      join dataplane d on d.mesh = s.mesh and d.name = s.name
      where s.disconnected is null and not (s.replica = any (?))
        and not exists (
          select from mesh_resource r
          where r.mesh = s.mesh and r.type = 'DataplanePresence' and r.name = s.name)
      on conflict do nothing
      """;

  private static final String RAISE =
      """
      insert into dataplane_silence (mesh, name, patience_seconds)
      select mesh, name, ? from dataplane where mesh = ? and name = ?
      on conflict do nothing
      """;

  private static final String COUNT =
      """
      insert into dataplane_absence as a (mesh, name, since, counted)
      select r.mesh, r.name, r.created_at, clock_timestamp() from mesh_resource r
      where r.type = 'DataplanePresence' and r.spec ->> 'state' <> 'kept' and not exists (
        select from dataplane_status s
        where s.mesh = r.mesh and s.name = r.name and s.disconnected is null
          and s.replica = any (?))
      on conflict (mesh, name) do update set
        watched = case when a.since = excluded.since
          then a.watched
            + least(greatest(excluded.counted - a.counted, interval '0'), interval '2 minutes')
          else interval '0' end,
        since = excluded.since, counted = excluded.counted
      """;

  private static final String PRESENT_AGAIN =
      """
      delete from dataplane_absence a where not exists (
        select from mesh_resource r
        where r.mesh = a.mesh and r.type = 'DataplanePresence' and r.name = a.name
          and r.spec ->> 'state' <> 'kept')
      """;

  private static final String MOSTLY_ABSENT =
      """
      select s.mesh from dataplane_status s
      left join mesh_resource r
        on r.mesh = s.mesh and r.type = 'DataplanePresence' and r.name = s.name
          and r.spec ->> 'state' <> 'gone'
      group by s.mesh
      having count(r.name) > 2 and count(r.name) * 2 > count(*)
      """;

  private final JdbcTemplate jdbc;
  private final UUID self;

  SilenceTable(JdbcTemplate jdbc, Replica replica) {
    this.jdbc = jdbc;
    this.self = replica.id();
  }

  UUID self() {
    return self;
  }

  /** Tells that this replica is about to look; how often each one has. */
  Map<UUID, Long> look() {
    jdbc.update(
        "insert into replica (id, started, seen, looks) values (?, now(), now(), 1)"
            + " on conflict (id) do update set seen = now(), looks = replica.looks + 1",
        self);
    Map<UUID, Long> looks = new HashMap<>();
    jdbc.query(
        "select id, looks from replica",
        row -> {
          looks.put(row.getObject("id", UUID.class), row.getLong("looks"));
        });
    return looks;
  }

  /** Whose agents were missed, and for how long that has to be so. */
  Map<ResourceKey, Duration> silent() {
    Map<ResourceKey, Duration> silent = new HashMap<>();
    jdbc.query(
        "select mesh, name, patience_seconds from dataplane_silence",
        row -> {
          silent.put(key(row), Duration.ofSeconds(row.getLong("patience_seconds")));
        });
    return silent;
  }

  /** An agent is missed by this replica. */
  void raise(Collection<ResourceKey> dataplanes, Duration patience) {
    jdbc.batchUpdate(
        RAISE,
        inOrder(dataplanes)
            .map(key -> new Object[] {patience.toSeconds(), key.mesh(), key.name()})
            .toList());
  }

  /** Nobody is there who would miss the agents of replicas that are not among these. */
  void adopt(Collection<UUID> living, Duration patience) {
    jdbc.update(ADOPT, patience.toSeconds(), living.toArray(UUID[]::new));
  }

  /** An agent was heard, or nothing more is to be said about it. */
  void clear(Collection<ResourceKey> dataplanes) {
    jdbc.batchUpdate(
        "delete from dataplane_silence where mesh = ? and name = ?", arguments(dataplanes));
  }

  /** This replica hears them, whoever did before. */
  void connect(Collection<ResourceKey> dataplanes) {
    jdbc.batchUpdate(
        "update dataplane_status set replica = ?, disconnected = null where mesh = ? and name = ?",
        inOrder(dataplanes).map(key -> new Object[] {self, key.mesh(), key.name()}).toList());
  }

  /** The fleet shows these as offline. */
  void disconnect(Collection<ResourceKey> dataplanes) {
    jdbc.batchUpdate(
        "update dataplane_status set disconnected = coalesce(disconnected, now())"
            + " where mesh = ? and name = ?",
        arguments(dataplanes));
  }

  /**
   * Adds the time since the last call to that of all who are away, and forgets those who are not.
   * Those of which a service has kept its last endpoints are not away: that nobody hears any of
   * them says more about the way to the control plane.
   *
   * @param living the replicas that could hear them
   */
  void countAbsences(Collection<UUID> living) {
    jdbc.update(COUNT, (Object) living.toArray(UUID[]::new));
    jdbc.update(PRESENT_AGAIN);
  }

  /** Who was seen to be away for so long. */
  List<ResourceKey> absentFor(Duration span) {
    return jdbc.query(
        "select mesh, name from dataplane_absence where watched >= make_interval(secs => ?)",
        (row, number) -> key(row),
        (double) span.toSeconds());
  }

  /** The meshes of which more than half of the agents are missed: at least three of them. */
  Set<String> mostlyAbsent() {
    return Set.copyOf(jdbc.queryForList(MOSTLY_ABSENT, String.class));
  }

  private static List<Object[]> arguments(Collection<ResourceKey> dataplanes) {
    return inOrder(dataplanes).map(key -> new Object[] {key.mesh(), key.name()}).toList();
  }

  /**
   * All who write many rows of a table write them in one order, so that no two wait for another.
   */
  private static Stream<ResourceKey> inOrder(Collection<ResourceKey> dataplanes) {
    return dataplanes.stream().sorted();
  }

  private static ResourceKey key(ResultSet row) throws SQLException {
    return ResourceKey.dataplane(row.getString("mesh"), row.getString("name"));
  }
}
