package io.sluice.controlplane.discovery;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.Author;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreException;
import io.sluice.controlplane.store.Write;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.discovery.DataplanePresence.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Which dataplanes are not present, as the view shows it, and the writes that change it. */
@Component
public class PresenceRows {

  private static final Logger log = LoggerFactory.getLogger(PresenceRows.class);
  private static final int AT_ONCE = 100;

  private final MeshViews views;
  private final ResourceStore store;
  private final Map<ResourceKey, State> shown = new ConcurrentHashMap<>();

  PresenceRows(MeshViews views, ResourceStore store) {
    this.views = views;
    this.store = store;
    views.onChange(this::changed);
  }

  private void changed(Set<ResourceKey> keys) {
    for (ResourceKey key : keys) {
      if (key.type().equals(DataplanePresence.TYPE)) {
        ResourceKey dataplane = ResourceKey.dataplane(key.mesh(), key.name());
        views
            .find(key)
            .ifPresentOrElse(
                row -> shown.put(dataplane, ((DataplanePresence) row.resource()).state()),
                () -> shown.remove(dataplane));
      }
    }
  }

  /** Why a dataplane is not present; empty for one that is. */
  public Optional<State> state(ResourceKey dataplane) {
    return Optional.ofNullable(shown.get(dataplane));
  }

  /** All that are not present. */
  Map<ResourceKey, State> all() {
    return Map.copyOf(shown);
  }

  /** How many there are of a kind. */
  long count(State state) {
    return shown.values().stream().filter(state::equals).count();
  }

  void put(ResourceKey dataplane, State state) {
    write(List.of(putting(dataplane, state)));
  }

  void put(Map<ResourceKey, State> states) {
    List<Write> writes = new ArrayList<>();
    states.forEach((dataplane, state) -> writes.add(putting(dataplane, state)));
    write(writes);
  }

  /** They are present. */
  void remove(Collection<ResourceKey> dataplanes) {
    write(
        dataplanes.stream()
            .<Write>map(
                each ->
                    new Write.Delete(
                        ResourceKey.presence(each.mesh(), each.name()),
                        new Write.Precondition.Anything()))
            .toList());
  }

  private static Write putting(ResourceKey dataplane, State state) {
    return new Write.Put(
        new DataplanePresence(dataplane.mesh(), dataplane.name(), state),
        new Write.Precondition.Anything(),
        Optional.empty());
  }

  private void write(List<Write> writes) {
    for (int from = 0; from < writes.size(); from += AT_ONCE) {
      List<Write> some = writes.subList(from, Math.min(from + AT_ONCE, writes.size()));
      try {
        store.write(some, Author.CONTROL_PLANE);
      } catch (StoreException.NotFound e) {
        // One of them is no more; the others are.
        some.forEach(this::writeAlone);
      }
    }
  }

  private void writeAlone(Write write) {
    try {
      store.write(List.of(write), Author.CONTROL_PLANE);
    } catch (StoreException.NotFound e) {
      log.debug("event=presence-of-nobody resource={}", write.key());
    }
  }
}
