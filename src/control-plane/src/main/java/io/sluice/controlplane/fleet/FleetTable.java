package io.sluice.controlplane.fleet;

import io.sluice.controlplane.store.ResourceKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
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
        mesh, name, disconnected)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)
      on conflict (mesh, name) do update set (replica, connected, changed, applied, rejected,
        rejected_reason, state, agent_version, envoy_version, envoy_state, mode, host_name,
        host_kernel, host_backend, disconnected)
      = (excluded.replica, excluded.connected, excluded.changed, excluded.applied,
        excluded.rejected, excluded.rejected_reason, excluded.state, excluded.agent_version,
        excluded.envoy_version, excluded.envoy_state, excluded.mode, excluded.host_name,
        excluded.host_kernel, excluded.host_backend, null)
      """;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final UUID replica = UUID.randomUUID();

  FleetTable(JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
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
          jdbc.batchUpdate(UPSERT, changed.entrySet(), BATCH, (row, host) -> bind(row, host));
          jdbc.batchUpdate(
              "update dataplane_status set disconnected = ?"
                  + " where mesh = ? and name = ? and replica = ?",
              silent.stream()
                  .map(key -> new Object[] {Timestamp.from(now), key.mesh(), key.name(), replica})
                  .toList());
          jdbc.batchUpdate(
              "delete from dataplane_status where mesh = ? and name = ?",
              gone.stream().map(key -> new Object[] {key.mesh(), key.name()}).toList());
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
    statement.setString(15, entry.getKey().mesh());
    statement.setString(16, entry.getKey().name());
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
            row.getString("host_backend")));
  }
}
