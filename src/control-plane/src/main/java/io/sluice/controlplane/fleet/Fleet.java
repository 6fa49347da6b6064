package io.sluice.controlplane.fleet;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.rendering.bundle.Digest;
import io.sluice.resources.dataplane.Dataplane;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The hosts whose agents poll this replica. Reports are gathered here; what changed is written to
 * the database in batches, so that every replica can tell about every host.
 */
@Component
public class Fleet {

  private static final Logger log = LoggerFactory.getLogger(Fleet.class);

  /** Longer than the longest poll, so that a waiting agent is never taken for one that is gone. */
  private static final Duration SILENCE = Duration.ofSeconds(90);

  private final ConcurrentMap<ResourceKey, Digest> desired = new ConcurrentHashMap<>();
  private final ConcurrentMap<ResourceKey, Host> hosts = new ConcurrentHashMap<>();
  private final Set<ResourceKey> unwritten = ConcurrentHashMap.newKeySet();
  private final MeshViews views;
  private final FleetTable table;
  private final FleetMeters meters;
  private final Clock clock = Clock.systemUTC();

  /** A host of this replica and when its agent was last heard. */
  private record Host(HostStatus status, Instant seen) {}

  Fleet(MeshViews views, FleetTable table, FleetMeters meters) {
    this.views = views;
    this.table = table;
    this.meters = meters;
    meters.watch(this::count);
    views.onChange(this::changed);
  }

  /** A dataplane's host should run this bundle. */
  public void wants(ResourceKey dataplane, Digest bundle) {
    desired.put(dataplane, bundle);
  }

  /** What {@link #wants} said last. */
  public Optional<Digest> desired(ResourceKey dataplane) {
    return Optional.ofNullable(desired.get(dataplane));
  }

  /** An agent has polled and named the bundle that its host runs. */
  public void polled(ResourceKey dataplane, Optional<Digest> applied) {
    heard(dataplane, report -> report.applying(applied));
  }

  /** An agent has reported. */
  public void reported(ResourceKey dataplane, StatusReport report) {
    Host before = hosts.get(dataplane);
    boolean known =
        before != null && Objects.equals(report.rejected(), before.status().report().rejected());
    if (before != null) {
      meters.drifted(before.status().report().drift(), report.drift());
    }
    if (report.rejected() != null && !known) {
      meters.rejected();
      log.warn(
          "event=bundle-rejected mesh={} dataplane={} digest={} reason=\"{}\"",
          dataplane.mesh(),
          dataplane.name(),
          report.rejected(),
          report.rejectedReason());
    }
    heard(dataplane, earlier -> report);
  }

  /** The hosts of these dataplanes, whichever replica their agents poll. */
  public Map<ResourceKey, HostStatus> statuses(Collection<ResourceKey> dataplanes) {
    Map<ResourceKey, HostStatus> found = new HashMap<>();
    List<ResourceKey> elsewhere = new ArrayList<>();
    for (ResourceKey dataplane : dataplanes) {
      Host host = hosts.get(dataplane);
      if (host != null) {
        found.put(dataplane, host.status());
      } else {
        elsewhere.add(dataplane);
      }
    }
    found.putAll(table.find(elsewhere));
    return found;
  }

  /** How many agents of a mesh poll some replica. */
  public long online(String mesh) {
    return table.online(mesh);
  }

  /** How many of the hosts that poll this replica are in a state. */
  private long count(HostState state) {
    return hosts.entrySet().stream()
        .filter(
            host ->
                desired(host.getKey())
                        .map(digest -> HostState.of(digest, Optional.of(host.getValue().status())))
                        .orElse(HostState.PENDING)
                    == state)
        .count();
  }

  private void heard(ResourceKey dataplane, java.util.function.UnaryOperator<StatusReport> report) {
    if (views.find(dataplane).isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    hosts.compute(
        dataplane,
        (key, before) -> {
          HostStatus known =
              before == null
                  ? new HostStatus(now, null, now, StatusReport.NOTHING)
                  : before.status();
          HostStatus next = known.reporting(report.apply(known.report()), now);
          if (before == null || !next.equals(known)) {
            unwritten.add(key);
          }
          return new Host(next, now);
        });
  }

  private void changed(Set<ResourceKey> keys) {
    for (ResourceKey key : keys) {
      if (key.type().equals(Dataplane.TYPE) && views.find(key).isEmpty()) {
        // Its host may be another replica's, or none's any more: the row goes all the same.
        hosts.remove(key);
        desired.remove(key);
        unwritten.add(key);
      }
    }
  }

  /** Writes what has changed since the last time, and marks the hosts that fell silent. */
  @Scheduled(fixedDelay = 1000)
  void write() {
    Instant now = clock.instant();
    List<ResourceKey> silent = new ArrayList<>();
    hosts.forEach(
        (dataplane, host) -> {
          if (host.seen().plus(SILENCE).isBefore(now)) {
            silent.add(dataplane);
          }
        });
    Map<ResourceKey, HostStatus> changed = new HashMap<>();
    List<ResourceKey> gone = new ArrayList<>();
    List<ResourceKey> batch = List.copyOf(unwritten);
    for (ResourceKey dataplane : batch) {
      unwritten.remove(dataplane);
      @Nullable Host host = hosts.get(dataplane);
      if (host != null) {
        changed.put(dataplane, host.status());
      } else if (views.find(dataplane).isEmpty()) {
        gone.add(dataplane);
      }
    }
    try {
      table.write(changed, silent, gone, now);
      silent.forEach(hosts::remove);
    } catch (DataAccessException | TransactionException e) {
      unwritten.addAll(batch);
      log.warn("event=fleet-write-failed hosts={} error=\"{}\"", batch.size(), e.getMessage());
    }
  }
}
