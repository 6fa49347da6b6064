package io.sluice.controlplane.fleet;

import io.sluice.controlplane.store.ResourceKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Hosts' status in the database, where all replicas see it. */
@Component
class FleetTable {

  private static final Logger log = LoggerFactory.getLogger(FleetTable.class);

  /** A replica whose heartbeat is older is dead, and so are the connections it wrote down. */
  private static final String ALIVE =
      "exists (select 1 from replica r where r.id = s.replica"
          + " and r.seen > now() - interval '30 seconds')";

  private static final int BATCH = 500;

  private static final String UPSERT =
      """
      insert into dataplane_status (replica, connected, changed, applied, rejected, rejected_reason,
        state, agent_version, envoy_version, envoy_state, mode, host_name, host_kernel, host_backend,
        drift_at, drift_what, drift_by, drift_count, drift_state, mesh, name, disconnected)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)
      on conflict (mesh, name) do update set (replica, connected, changed, applied, rejected,
        rejected_reason, state, agent_version, envoy_version, envoy_state, mode, host_name,
        host_kernel, host_backend, drift_at, drift_what, drift_by, drift_count, drift_state,
        disconnected)
      = (excluded.replica, excluded.connected, excluded.changed, excluded.applied,
        excluded.rejected, excluded.rejected_reason, excluded.state, excluded.agent_version,
        excluded.envoy_version, excluded.envoy_state, excluded.mode, excluded.host_name,
        excluded.host_kernel, excluded.host_backend,
        excluded.drift_at, excluded.drift_what, excluded.drift_by, excluded.drift_count,
        excluded.drift_state, null)
      """;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final UUID replica;

  FleetTable(JdbcTemplate jdbc, TransactionTemplate transaction, Replica replica) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.replica = replica.id();
  }

  /**
   * Writes one batch.
   *
   * @param silent hosts that have stopped polling this replica; another may serve them by now
   * @param gone dataplanes that exist no more
   */
  void write(
      Map<ResourceKey, HostStatus> changed,
      Collection<ResourceKey> silent,
      Collection<ResourceKey> gone,
      Instant now) {
    if (changed.isEmpty() && silent.isEmpty() && gone.isEmpty()) {
      return;
    }
    transaction.executeWithoutResult(
        status -> {
          // In one order, as others write them too, so that no two wait for another.
          jdbc.batchUpdate(
              UPSERT, new TreeMap<>(changed).entrySet(), BATCH, (row, host) -> bind(row, host));
          jdbc.batchUpdate(
              "update dataplane_status set disconnected = ?"
                  + " where mesh = ? and name = ? and replica = ?",
              silent.stream()
                  .sorted()
                  .map(key -> new Object[] {Timestamp.from(now), key.mesh(), key.name(), replica})
                  .toList());
          jdbc.batchUpdate(
              "delete from dataplane_status where mesh = ? and name = ?",
              gone.stream().sorted().map(key -> new Object[] {key.mesh(), key.name()}).toList());
        });
  }

  Map<ResourceKey, HostStatus> find(Collection<ResourceKey> dataplanes) {
    Map<ResourceKey, HostStatus> found = new HashMap<>();
    if (dataplanes.isEmpty()) {
      return found;
    }
    String[] meshes = dataplanes.stream().map(ResourceKey::mesh).toArray(String[]::new);
    String[] names = dataplanes.stream().map(ResourceKey::name).toArray(String[]::new);
    jdbc.query(
        "select s.*, "
            + ALIVE
            + " as alive from dataplane_status s"
            + " join unnest(?::text[], ?::text[]) as wanted(mesh, name) using (mesh, name)",
        row -> {
          found.put(
              ResourceKey.dataplane(row.getString("mesh"), row.getString("name")), status(row));
        },
        meshes,
        names);
    return found;
  }

  long online(String mesh) {
    Long count =
        jdbc.queryForObject(
            "select count(*) from dataplane_status s where mesh = ? and disconnected is null and "
                + ALIVE,
            Long.class,
            mesh);
    return count == null ? 0 : count;
  }

  /** How many dataplanes of all meshes have an agent that polls, one that did, or none. */
  Agents agents() {
    return jdbc.query(
            "select count(*) filter (where disconnected is null and "
                + ALIVE
                + ") as online, count(*) as seen,"
                + " (select coalesce(sum(dataplanes), 0) from dataplane_count) as dataplanes"
                + " from dataplane_status s",
            (row, number) ->
                new Agents(
                    row.getLong("online"),
                    row.getLong("seen") - row.getLong("online"),
                    Math.max(0, row.getLong("dataplanes") - row.getLong("seen"))))
        .getFirst();
  }

  /** Dataplanes by what is known of their agents. */
  record Agents(long online, long offline, long neverSeen) {}

  @Scheduled(fixedDelay = 10_000)
  void heartbeat() {
    try {
      beat();
    } catch (DataAccessException e) {
      log.debug("event=heartbeat-failed error=\"{}\"", e.getMessage());
    }
  }

  private void beat() {
    jdbc.update(
        "insert into replica (id, started, seen) values (?, now(), now())"
            + " on conflict (id) do update set seen = now()",
        replica);
    jdbc.update(
        "delete from replica r where seen < now() - interval '1 day' and not exists"
            + " (select 1 from dataplane_status s where s.replica = r.id)");
  }

  private void bind(PreparedStatement statement, Map.Entry<ResourceKey, HostStatus> entry)
      throws SQLException {
    HostStatus status = entry.getValue();
    StatusReport report = status.report();
    statement.setObject(1, replica);
    statement.setTimestamp(2, Timestamp.from(status.connected()));
    statement.setTimestamp(3, Timestamp.from(status.changed()));
    statement.setString(4, report.applied());
    statement.setString(5, report.rejected());
    statement.setString(6, report.rejectedReason());
    statement.setString(7, report.state());
    statement.setString(8, report.agentVersion());
    statement.setString(9, report.envoyVersion());
    statement.setString(10, report.envoyState());
    statement.setString(11, report.mode());
    statement.setString(12, report.hostName());
    statement.setString(13, report.hostKernel());
    statement.setString(14, report.hostBackend());
    StatusReport.Drift drift = report.drift();
    statement.setString(15, drift == null ? null : drift.at());
    statement.setString(16, drift == null ? null : drift.what());
    statement.setString(17, drift == null ? null : drift.by());
    statement.setObject(18, drift == null ? null : drift.count(), Types.BIGINT);
    statement.setString(19, drift == null ? null : drift.state());
    statement.setString(20, entry.getKey().mesh());
    statement.setString(21, entry.getKey().name());
  }

  private static HostStatus status(ResultSet row) throws SQLException {
    Timestamp disconnected = row.getTimestamp("disconnected");
    Instant changed = row.getTimestamp("changed").toInstant();
    return new HostStatus(
        row.getTimestamp("connected").toInstant(),
        disconnected != null ? disconnected.toInstant() : row.getBoolean("alive") ? null : changed,
        changed,
        new StatusReport(
            row.getString("applied"),
            row.getString("rejected"),
            row.getString("rejected_reason"),
            row.getString("state"),
            row.getString("agent_version"),
            row.getString("envoy_version"),
            row.getString("envoy_state"),
            row.getString("mode"),
            row.getString("host_name"),
            row.getString("host_kernel"),
            row.getString("host_backend"),
            drift(row)));
  }

  private static StatusReport.@Nullable Drift drift(ResultSet row) throws SQLException {
    long count = row.getLong("drift_count");
    return row.wasNull()
        ? null
        : new StatusReport.Drift(
            row.getString("drift_at"),
            row.getString("drift_what"),
            row.getString("drift_by"),
            count,
            row.getString("drift_state"));
  }
}
