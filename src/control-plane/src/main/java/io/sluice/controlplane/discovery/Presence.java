package io.sluice.controlplane.discovery;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.fleet.StatusReport;
import io.sluice.controlplane.store.Author;
import io.sluice.controlplane.store.HistoryEntry;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreException;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.controlplane.store.Write;
import io.sluice.controlplane.store.WriteResult;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.discovery.DataplanePresence.State;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What agents say about themselves and their applications, as far as others use these. */
@Component
public class Presence {

  private static final Logger log = LoggerFactory.getLogger(Presence.class);

  private static final String ENVOY_DOWN = "down";
  private static final String ENVOY_LIVE = "live";

  private final MeshViews views;
  private final ResourceStore store;
  private final Heard heard;
  private final PresenceRows rows;

  /** Whom this replica has made leave, though its view may not show it yet. */
  private final Set<ResourceKey> left = ConcurrentHashMap.newKeySet();

  /** What this replica has written last, though its view may not show it yet. */
  private final ConcurrentMap<ResourceKey, StoredResource> written = new ConcurrentHashMap<>();

  Presence(MeshViews views, ResourceStore store, Heard heard, PresenceRows rows) {
    this.views = views;
    this.store = store;
    this.heard = heard;
    this.rows = rows;
    views.onChange(this::changed);
  }

  /** An agent has polled. */
  public void polled(ResourceKey dataplane) {
    if (views.find(dataplane).isPresent()) {
      heard.now(dataplane);
    }
  }

  /**
   * An agent has reported. What follows for others is durable when this returns.
   *
   * @throws org.springframework.dao.DataAccessException without a database
   */
  public void reported(ResourceKey dataplane, StatusReport report, HealthReport health) {
    Optional<StoredResource> stored = views.find(dataplane);
    if (stored.isEmpty() || !(stored.get().resource() instanceof Dataplane itself)) {
      return;
    }
    if (report.saysGoodbye()) {
      goodbye(dataplane);
      return;
    }
    heard.now(dataplane);
    keep(itself, health);
    if (ENVOY_DOWN.equals(report.envoyState())) {
      leave(dataplane, State.AWAY);
    } else if (ENVOY_LIVE.equals(report.envoyState())) {
      comeBack(dataplane);
    }
  }

  /**
   * A dataplane that its agent has registered goes with it; one that somebody else has written last
   * stays, without endpoints.
   */
  private void goodbye(ResourceKey dataplane) {
    heard.never(dataplane);
    Optional<HistoryEntry> last =
        store.history(dataplane, Long.MAX_VALUE, 1).stream()
            .filter(entry -> entry.what() != WriteResult.Outcome.DELETED)
            .findFirst();
    Author agent = Author.agentOf(dataplane);
    if (last.isPresent()
        && last.get().who().equals(agent)
        && delete(dataplane, last.get(), agent)) {
      log.info("event=agent-left mesh={} dataplane={}", dataplane.mesh(), dataplane.name());
      return;
    }
    leave(dataplane, State.GONE);
  }

  private boolean delete(ResourceKey dataplane, HistoryEntry last, Author agent) {
    try {
      store.write(
          List.of(new Write.Delete(dataplane, new Write.Precondition.Revision(last.revision()))),
          agent);
      return true;
    } catch (StoreException e) {
      log.debug("event=goodbye-overtaken dataplane={} by=\"{}\"", dataplane, e.getMessage());
      return false;
    }
  }

  private void leave(ResourceKey dataplane, State state) {
    if (rows.state(dataplane).filter(state::equals).isEmpty()) {
      rows.put(dataplane, state);
      left.add(dataplane);
      log.info(
          "event=endpoints-left mesh={} dataplane={} state={}",
          dataplane.mesh(),
          dataplane.name(),
          state);
    }
  }

  private void comeBack(ResourceKey dataplane) {
    boolean leftHere = left.remove(dataplane);
    if (leftHere || rows.state(dataplane).isPresent()) {
      rows.remove(List.of(dataplane));
      log.info("event=endpoints-back mesh={} dataplane={}", dataplane.mesh(), dataplane.name());
    }
  }

  private void keep(Dataplane dataplane, HealthReport report) {
    ResourceKey key = ResourceKey.health(dataplane.mesh(), dataplane.name());
    Optional<DataplaneHealth> before =
        Optional.ofNullable(written.get(key))
            .or(() -> views.find(key))
            .map(row -> (DataplaneHealth) row.resource());
    DataplaneHealth now = report.applied(dataplane, before);
    if (before.isPresent() ? before.get().equals(now) : now.inbounds().isEmpty()) {
      return;
    }
    try {
      WriteResult result =
          store
              .write(
                  List.of(new Write.Put(now, new Write.Precondition.Anything(), Optional.empty())),
                  Author.agentOf(ResourceKey.of(dataplane)))
              .getFirst();
      written.put(key, result.stored());
    } catch (StoreException.NotFound e) {
      log.debug("event=health-of-nobody dataplane={}", dataplane.name());
    }
  }

  private void changed(Set<ResourceKey> keys) {
    for (ResourceKey key : keys) {
      switch (key.type()) {
        case DataplaneHealth.TYPE ->
            written.computeIfPresent(key, (same, mine) -> shows(mine) ? null : mine);
        case DataplanePresence.TYPE -> left.remove(ResourceKey.dataplane(key.mesh(), key.name()));
        case Dataplane.TYPE -> {
          if (views.find(key).isEmpty()) {
            heard.never(key);
            left.remove(key);
            written.remove(ResourceKey.health(key.mesh(), key.name()));
          }
        }
        default -> {}
      }
    }
  }

  /** Whether the view shows a write, or one after it. */
  private boolean shows(StoredResource mine) {
    return views.find(mine.key()).filter(row -> row.revision() >= mine.revision()).isPresent();
  }
}
