package io.sluice.controlplane.fleet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The fleet in figures. None of them is for one dataplane: their number does not grow. */
@Component
class FleetMeters {

  private static final Logger log = LoggerFactory.getLogger(FleetMeters.class);

  /** What an agent may say of a drift; docs/agent-protocol.md has the meanings. */
  private static final List<String> DRIFTS = List.of("standing", "repaired", "fighting", "over");

  private final MeterRegistry registry;
  private final FleetTable table;
  private final Counter rejections;
  private volatile FleetTable.@Nullable Agents agents;

  FleetMeters(MeterRegistry registry, FleetTable table) {
    this.registry = registry;
    this.table = table;
    this.rejections =
        Counter.builder("sluice.bundles.rejected")
            .description("Bundles that hosts of this replica have refused")
            .register(registry);
    DRIFTS.forEach(this::drifts);
    agents("online", known -> known.online());
    agents("offline", known -> known.offline());
    agents("never-seen", known -> known.neverSeen());
  }

  /** Shows how many hosts of this replica are in each state in which a polling host can be. */
  void watch(ToLongFunction<HostState> count) {
    for (HostState state : List.of(HostState.IN_SYNC, HostState.PENDING, HostState.REJECTED)) {
      Gauge.builder("sluice.hosts", () -> count.applyAsLong(state))
          .description("Hosts that poll this replica")
          .tag("state", state.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .register(registry);
    }
  }

  void rejected() {
    rejections.increment();
  }

  /** Counts what a report says to have happened since the one before it. */
  void drifted(StatusReport.@Nullable Drift before, StatusReport.@Nullable Drift now) {
    if (now == null || now.state() == null || !DRIFTS.contains(now.state())) {
      return;
    }
    long known = before == null || before.count() > now.count() ? 0 : before.count();
    if (now.count() > known) {
      drifts(now.state()).increment((double) (now.count() - known));
    }
  }

  private Counter drifts(String state) {
    return Counter.builder("sluice.drifts")
        .description("Changes of our rules by other programs, by what became of them")
        .tag("state", state)
        .register(registry);
  }

  private void agents(String state, ToLongFunction<FleetTable.Agents> count) {
    Gauge.builder(
            "sluice.agents",
            () -> {
              FleetTable.Agents known = agents;
              return known == null ? Double.NaN : (double) count.applyAsLong(known);
            })
        .description("Dataplanes of the whole fleet by their agents; the same on every replica")
        .tag("state", state)
        .register(registry);
  }

  @Scheduled(fixedDelay = 10_000)
  void count() {
    try {
      agents = table.agents();
    } catch (DataAccessException e) {
      agents = null;
      log.debug("event=agents-not-counted error=\"{}\"", e.getMessage());
    }
  }
}
