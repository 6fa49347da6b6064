package io.sluice.controlplane.discovery;

import io.sluice.controlplane.store.ResourceKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;

/** Until when the agents that this replica hears need not be heard again. */
@Component
class Heard {

  private final Ticker ticker;
  private final Duration timeout;
  private final ConcurrentMap<ResourceKey, Long> until = new ConcurrentHashMap<>();
  private final Set<ResourceKey> arrived = ConcurrentHashMap.newKeySet();

  Heard(Ticker ticker, PresenceSettings settings) {
    this.ticker = ticker;
    this.timeout = settings.missedAfter();
  }

  /** An agent is heard. */
  void now(ResourceKey dataplane) {
    if (extend(dataplane, ticker.in(timeout))) {
      arrived.add(dataplane);
    }
  }

  private boolean extend(ResourceKey dataplane, long end) {
    boolean[] isNew = {false};
    until.compute(
        dataplane,
        (key, before) -> {
          isNew[0] = before == null;
          return before != null && before - end > 0 ? before : Long.valueOf(end);
        });
    return isNew[0];
  }

  /** It is not expected any more. */
  void never(ResourceKey dataplane) {
    until.remove(dataplane);
    arrived.remove(dataplane);
  }

  /** Whether it was heard lately. */
  boolean lately(ResourceKey dataplane) {
    Long end = until.get(dataplane);
    return end != null && !ticker.isOver(end);
  }

  /** Those that were expected before now, and when. */
  List<Map.Entry<ResourceKey, Long>> missed() {
    return until.entrySet().stream()
        .filter(each -> ticker.isOver(each.getValue()))
        .map(each -> Map.entry(each.getKey(), each.getValue()))
        .toList();
  }

  /** Forgets one that was missed, unless it has been heard since. */
  void forget(Map.Entry<ResourceKey, Long> missed) {
    until.remove(missed.getKey(), missed.getValue());
  }

  /** Those that were heard for the first time, or again, since the last call. */
  List<ResourceKey> arrivals() {
    List<ResourceKey> all = List.copyOf(arrived);
    all.forEach(arrived::remove);
    return all;
  }

  /** Nobody is missed within this time: nobody could have been heard. */
  void spare(Duration span) {
    long end = ticker.in(span);
    List.copyOf(until.keySet()).forEach(each -> extend(each, end));
  }
}
