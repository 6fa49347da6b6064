package io.sluice.controlplane.discovery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.controlplane.store.Author;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreException;
import io.sluice.controlplane.store.Write;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Deletes dataplanes that were seen to be away for too long; none of a mesh that is cut off, as
 * their hosts would have no dataplane when they find back, and older agents would tear them down.
 */
@Component
class LongAbsent {

  private static final Logger log = LoggerFactory.getLogger(LongAbsent.class);
  private static final Duration STEP = Duration.ofMinutes(1);

  private final SilenceTable table;
  private final ResourceStore store;
  private final Lead lead;
  private final Replicas replicas;
  private final Ticker ticker;
  private final Duration limit;
  private final Counter collected;
  private Set<String> told = Set.of();
  private long counted;

  LongAbsent(
      SilenceTable table,
      ResourceStore store,
      Lead lead,
      Replicas replicas,
      Ticker ticker,
      PresenceSettings settings,
      MeterRegistry meters) {
    this.table = table;
    this.store = store;
    this.lead = lead;
    this.replicas = replicas;
    this.ticker = ticker;
    this.limit = settings.collectAfter();
    this.counted = ticker.nanos();
    this.collected =
        Counter.builder("sluice.dataplanes.collected")
            .description("Dataplanes that this replica deleted because they were away for too long")
            .register(meters);
  }

  /** Counts each minute, and deletes whose time is over. */
  void collect() {
    if (!ticker.isOver(counted + STEP.toNanos()) || !lead.isOurs()) {
      return;
    }
    counted = ticker.nanos();
    table.countAbsences(replicas.living());
    List<ResourceKey> absent = table.absentFor(limit);
    if (absent.isEmpty()) {
      return;
    }
    Set<String> cutOff = table.mostlyAbsent();
    for (ResourceKey dataplane : absent) {
      if (!cutOff.contains(dataplane.mesh())) {
        delete(dataplane);
      }
    }
    if (!cutOff.equals(told)) {
      cutOff.forEach(
          mesh ->
              log.warn(
                  "event=nothing-collected mesh={} reason=\"more than half of its agents are not"
                      + " heard: look whether they reach the control plane\"",
                  mesh));
      told = cutOff;
    }
  }

  private void delete(ResourceKey dataplane) {
    try {
      store.write(
          List.of(new Write.Delete(dataplane, new Write.Precondition.Anything())),
          Author.CONTROL_PLANE);
      collected.increment();
      log.warn(
          "event=dataplane-collected mesh={} dataplane={} reason=\"it was away for {} h\"",
          dataplane.mesh(),
          dataplane.name(),
          limit.toHours());
    } catch (StoreException e) {
      log.debug("event=dataplane-not-collected dataplane={} by=\"{}\"", dataplane, e.getMessage());
    }
  }
}
