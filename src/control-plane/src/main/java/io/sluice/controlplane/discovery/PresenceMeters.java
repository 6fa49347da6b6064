package io.sluice.controlplane.discovery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.resources.discovery.DataplanePresence.State;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** How many dataplanes are not present, by the reason. */
@Component
class PresenceMeters {

  PresenceMeters(PresenceRows rows, MeterRegistry meters) {
    for (State state : State.values()) {
      Gauge.builder("sluice.dataplanes.absent", () -> rows.count(state))
          .description("Dataplanes of the whole fleet that are not present; the same everywhere")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
  }
}
