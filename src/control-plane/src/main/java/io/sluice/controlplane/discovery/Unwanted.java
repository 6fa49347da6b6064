package io.sluice.controlplane.discovery;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What nobody has wanted for a while. Something that is wanted again in between, as when a service
 * is installed anew, is left alone.
 */
final class Unwanted<K> {

  private final Ticker ticker;
  private final Duration patience;
  private final Map<K, Long> since = new HashMap<>();

  Unwanted(Ticker ticker, Duration patience) {
    this.ticker = ticker;
    this.patience = patience;
  }

  /** Those of the keys, which nobody wants now, that nobody has wanted for long enough. */
  List<K> of(Set<K> unwanted) {
    since.keySet().retainAll(unwanted);
    unwanted.forEach(key -> since.putIfAbsent(key, ticker.nanos()));
    return since.entrySet().stream()
        .filter(each -> ticker.isOver(each.getValue() + patience.toNanos()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
