package io.sluice.controlplane.discovery;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Misses agents. A replica that does not hear an agent any more says so in a table; one that does
 * takes the row away again; what stays there long enough is decided by one of them ({@link
 * Decisions}). All spans are measured by each process for itself, and none of them goes on while
 * nobody could have been heard.
 */
@Component
class Watch {

  /** An agent that got no answer tries again after 30 s at most, and some chance. */
  static final Duration RECOVERY = Duration.ofSeconds(60);

  /** Long enough for the other replicas to look. */
  static final Duration GRACE = Duration.ofSeconds(3);

  /** A look that comes so late says that this process, or the database, was away. */
  private static final Duration GAP = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(Watch.class);

  private final MeshViews views;
  private final Heard heard;
  private final PresenceRows rows;
  private final SilenceTable table;
  private final Replicas replicas;
  private final Decisions decisions;
  private final Ticker ticker;
  private final Duration timeout;
  private long looked;
  private boolean blind = true;

  Watch(
      MeshViews views,
      Heard heard,
      PresenceRows rows,
      SilenceTable table,
      Replicas replicas,
      Decisions decisions,
      Ticker ticker,
      PresenceSettings settings) {
    this.views = views;
    this.heard = heard;
    this.rows = rows;
    this.table = table;
    this.replicas = replicas;
    this.decisions = decisions;
    this.ticker = ticker;
    this.timeout = settings.timeout();
    this.looked = ticker.nanos();
  }

  /** Looks once; to be called each second. */
  synchronized void look() {
    if (!views.loaded()) {
      return;
    }
    try {
      long begun = ticker.nanos();
      if (blind || ticker.isOver(looked + GAP.toNanos())) {
        spare();
      }
      Map<UUID, Long> looks = table.look();
      replicas.looked(looks);
      Map<ResourceKey, Duration> silent = table.silent();
      List<ResourceKey> contradicted = silent.keySet().stream().filter(heard::lately).toList();
      table.clear(contradicted);
      table.connect(concat(contradicted, heard.arrivals()));
      raise();
      contradicted.forEach(silent::remove);
      decisions.decide(silent, looks);
      looked = begun;
      blind = false;
    } catch (DataAccessException | TransactionException e) {
      if (!blind) {
        log.warn("event=presence-unwatched error=\"{}\"", e.getMessage());
      }
      blind = true;
    }
  }

  /** Time in which nobody could be heard, or nobody could write it down, counts for nobody. */
  private void spare() {
    heard.spare(timeout.plus(RECOVERY));
    decisions.spare(timeout.plus(RECOVERY));
    replicas.spare();
  }

  private void raise() {
    List<Map.Entry<ResourceKey, Long>> missed = heard.missed();
    List<ResourceKey> news =
        missed.stream()
            .map(Map.Entry::getKey)
            .filter(each -> rows.state(each).isEmpty() && views.find(each).isPresent())
            .toList();
    table.raise(news, GRACE);
    missed.forEach(heard::forget);
  }

  private static List<ResourceKey> concat(List<ResourceKey> one, List<ResourceKey> other) {
    List<ResourceKey> all = new ArrayList<>(one);
    all.addAll(other);
    return all;
  }
}
