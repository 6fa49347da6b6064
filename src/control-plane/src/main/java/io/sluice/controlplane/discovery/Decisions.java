package io.sluice.controlplane.discovery;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.resources.discovery.DataplanePresence.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What one replica decides for all: whose endpoints leave because nobody hears their agents. */
@Component
class Decisions {

  private static final Logger log = LoggerFactory.getLogger(Decisions.class);
  private static final Duration ADOPTION = Duration.ofSeconds(10);

  /** The view shows a decision within that time, unless it is overtaken. */
  private static final Duration SHOWN = Duration.ofSeconds(10);

  private final MeshViews views;
  private final PresenceRows rows;
  private final SilenceTable table;
  private final Replicas replicas;
  private final Lead lead;
  private final Ticker ticker;
  private final Duration orphaned;
  private final Map<ResourceKey, Seen> silent = new HashMap<>();

  /** What was decided and the view does not show yet: nothing is decided upon an old view. */
  private final Map<ResourceKey, State> decided = new HashMap<>();

  /**
   * Kept ones that could leave as others are back, and from when on: agents that found back do not
   * all come at once.
   */
  private final Map<ResourceKey, Long> relieved = new HashMap<>();

  private long decidedAt;
  private long adoptedAt;
  private Duration leastPatience = Duration.ZERO;

  /**
   * From when on a silence counts, and how often each replica had looked when it was first seen.
   */
  private record Seen(long due, Map<UUID, Long> looks) {}

  Decisions(
      MeshViews views,
      PresenceRows rows,
      SilenceTable table,
      Replicas replicas,
      Lead lead,
      Ticker ticker,
      PresenceSettings settings) {
    this.views = views;
    this.rows = rows;
    this.table = table;
    this.replicas = replicas;
    this.lead = lead;
    this.ticker = ticker;
    this.orphaned = settings.timeout().plus(Watch.RECOVERY);
    this.decidedAt = ticker.nanos();
    this.adoptedAt = ticker.nanos();
  }

  /** Gives all that is missed now so much time: nobody could have been heard. */
  void spare(Duration span) {
    silent.clear();
    relieved.clear();
    leastPatience = span;
  }

  /**
   * Decides what is due.
   *
   * @param known whose agents are missed, and for how long that has to be so
   * @param looks how often each replica has looked
   */
  void decide(Map<ResourceKey, Duration> known, Map<UUID, Long> looks) {
    silent.keySet().retainAll(known.keySet());
    known.forEach(
        (each, patience) ->
            silent.computeIfAbsent(each, key -> new Seen(ticker.in(longer(patience)), looks)));
    leastPatience = Duration.ZERO;
    if (ticker.isOver(decidedAt + SHOWN.toNanos())) {
      decided.clear();
    }
    decided.entrySet().removeIf(each -> shows(each.getKey(), each.getValue()));
    if (!lead.isOurs()) {
      decided.clear();
      return;
    }
    if (ticker.isOver(adoptedAt + ADOPTION.toNanos())) {
      table.adopt(replicas.living(), orphaned);
      adoptedAt = ticker.nanos();
    }
    if (decided.isEmpty()) {
      List<ResourceKey> missed =
          known.keySet().stream().filter(each -> isDue(silent.get(each))).toList();
      decide(missed);
      if (!missed.isEmpty()) {
        table.disconnect(missed);
        table.clear(missed);
      }
    }
  }

  private Duration longer(Duration patience) {
    return patience.compareTo(leastPatience) > 0 ? patience : leastPatience;
  }

  private boolean isDue(@Nullable Seen seen) {
    return seen != null && ticker.isOver(seen.due()) && replicas.haveLookedSince(seen.looks());
  }

  private void decide(List<ResourceKey> missed) {
    Map<String, List<String>> byMesh = new TreeMap<>();
    missed.forEach(each -> add(each, byMesh));
    Set<ResourceKey> kept = new HashSet<>();
    rows.all()
        .forEach(
            (dataplane, state) -> {
              if (state == State.KEPT) {
                kept.add(dataplane);
                add(dataplane, byMesh);
              }
            });
    relieved.keySet().retainAll(kept);
    byMesh.forEach(this::decide);
  }

  private static void add(ResourceKey dataplane, Map<String, List<String>> byMesh) {
    byMesh.computeIfAbsent(dataplane.mesh(), mesh -> new ArrayList<>()).add(dataplane.name());
  }

  private boolean shows(ResourceKey dataplane, State state) {
    return views.find(dataplane).isEmpty()
        || rows.state(dataplane).filter(state::equals).isPresent();
  }

  private void decide(String mesh, List<String> missed) {
    SortedMap<String, State> states =
        new Departures(
                views.catalogue(mesh),
                name -> rows.state(ResourceKey.dataplane(mesh, name)).isPresent())
            .of(missed);
    Map<ResourceKey, State> news = new HashMap<>();
    states.forEach(
        (name, state) -> {
          ResourceKey dataplane = ResourceKey.dataplane(mesh, name);
          State before = rows.state(dataplane).orElse(null);
          if (before == null || (before == State.KEPT && mayLeave(dataplane, state))) {
            news.put(dataplane, state);
          }
        });
    if (!news.isEmpty()) {
      rows.put(news);
      decided.putAll(news);
      decidedAt = ticker.nanos();
      tell(mesh, news);
    }
  }

  private boolean mayLeave(ResourceKey kept, State state) {
    if (state != State.AWAY) {
      relieved.remove(kept);
      return false;
    }
    return ticker.isOver(relieved.computeIfAbsent(kept, key -> ticker.in(Watch.RECOVERY)));
  }

  private static void tell(String mesh, Map<ResourceKey, State> news) {
    news.forEach(
        (dataplane, state) -> {
          switch (state) {
            case KEPT ->
                log.warn(
                    "event=last-endpoints-kept mesh={} dataplane={} reason=\"its agent is not heard,"
                        + " but without it a service has no endpoint\"",
                    mesh,
                    dataplane.name());
            case AWAY, GONE ->
                log.warn(
                    "event=endpoints-left mesh={} dataplane={} reason=\"its agent is not heard\"",
                    mesh,
                    dataplane.name());
          }
        });
  }
}
