package io.sluice.controlplane.delivery;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.rendering.services.Interest;
import io.sluice.rendering.services.Sight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Dataplanes whose hosts wait, grouped by what they ask for of their mesh's services: when those
 * change, one look for each group tells whom it concerns, and the others cost nothing.
 */
final class Onlookers {

  private final MeshViews views;
  private final ConcurrentMap<Key, Group> groups = new ConcurrentHashMap<>();
  private final ConcurrentMap<ResourceKey, Key> places = new ConcurrentHashMap<>();

  Onlookers(MeshViews views) {
    this.views = views;
  }

  private record Key(String mesh, Interest interest) {}

  /** Looks on from now, also when its interest may be another than before. */
  void join(ResourceKey dataplane) {
    places.compute(
        dataplane,
        (same, before) ->
            views
                .dataplane(dataplane)
                .map(
                    view -> {
                      Key now = new Key(dataplane.mesh(), view.inputs().interest());
                      if (before != null && !before.equals(now)) {
                        remove(dataplane, before);
                      }
                      add(dataplane, now, view.inputs().sight());
                      return now;
                    })
                .orElse(before));
  }

  /** Looks on no more. */
  void leave(ResourceKey dataplane) {
    places.computeIfPresent(
        dataplane,
        (same, key) -> {
          remove(dataplane, key);
          return null;
        });
  }

  /** Those who may see something else than when they were last asked for, or joined. */
  synchronized List<ResourceKey> concerned(String mesh) {
    List<ResourceKey> concerned = new ArrayList<>();
    for (Map.Entry<Key, Group> group : groups.entrySet()) {
      if (group.getKey().mesh().equals(mesh)) {
        // Looked up for each group, so that none sees an older moment than those who joined it.
        Sight now = Sight.of(views.catalogue(mesh), group.getKey().interest());
        group.getValue().look(now, concerned);
      }
    }
    return concerned;
  }

  private void add(ResourceKey dataplane, Key key, Sight sight) {
    groups.compute(
        key,
        (same, group) -> {
          Group of = group == null ? new Group() : group;
          of.add(dataplane, sight);
          return of;
        });
  }

  private void remove(ResourceKey dataplane, Key key) {
    groups.computeIfPresent(key, (same, group) -> group.remove(dataplane) ? group : null);
  }

  /** Dataplanes that see the same. */
  private static final class Group {
    private final Set<ResourceKey> members = new HashSet<>();
    private @Nullable Sight last;
    private boolean mixed;

    /** What the newcomer sees may be newer than what the others have seen. */
    synchronized void add(ResourceKey dataplane, Sight sight) {
      members.add(dataplane);
      mixed |= last != null && !sight.equals(last);
      last = sight;
    }

    /** Whether others are left. */
    synchronized boolean remove(ResourceKey dataplane) {
      members.remove(dataplane);
      return !members.isEmpty();
    }

    synchronized void look(Sight now, List<ResourceKey> concerned) {
      if (mixed || !now.equals(last)) {
        concerned.addAll(members);
      }
      last = now;
      mixed = false;
    }
  }
}
