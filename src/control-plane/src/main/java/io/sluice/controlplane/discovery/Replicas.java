package io.sluice.controlplane.discovery;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Which replicas are alive: those whose number of looks goes on, by this process's own time. */
@Component
class Replicas {

  private static final Duration DEATH = Duration.ofSeconds(10);

  private final Ticker ticker;
  private final UUID self;
  private Map<UUID, Seen> seen = new HashMap<>();

  /** How often a replica has looked, and when that was new. */
  private record Seen(long looks, long at) {}

  Replicas(Ticker ticker, SilenceTable table) {
    this.ticker = ticker;
    this.self = table.self();
  }

  /** How often each replica has looked by now. */
  void looked(Map<UUID, Long> looks) {
    Map<UUID, Seen> next = new HashMap<>();
    looks.forEach(
        (replica, count) -> {
          Seen before = seen.get(replica);
          next.put(
              replica,
              before != null && before.looks() == count ? before : new Seen(count, ticker.nanos()));
        });
    seen = next;
  }

  /** Those of which it is not known yet that they are dead, this one among them. */
  Set<UUID> living() {
    Set<UUID> living = new HashSet<>(Set.of(self));
    seen.forEach(
        (replica, state) -> {
          if (!ticker.isOver(state.at() + DEATH.toNanos())) {
            living.add(replica);
          }
        });
    return living;
  }

  /**
   * Whether all that live have looked as a whole since then.
   *
   * @param then how often each had looked when there was something to see
   */
  boolean haveLookedSince(Map<UUID, Long> then) {
    return living().stream()
        .filter(replica -> !replica.equals(self))
        .allMatch(
            replica -> {
              Seen now = seen.get(replica);
              // One look may have been under way; the second one has begun after it.
              return now == null || now.looks() >= then.getOrDefault(replica, 0L) + 2;
            });
  }

  /** Nobody is known to be dead: the database was away. */
  void spare() {
    Map<UUID, Seen> next = new HashMap<>();
    seen.forEach((replica, state) -> next.put(replica, new Seen(state.looks(), ticker.nanos())));
    seen = next;
  }
}
