package io.sluice.controlplane.delivery;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.HistoryEntry;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.WriteResult;
import java.util.List;
import org.springframework.stereotype.Component;

/** Works out what a dataplane's host is to be told. */
@Component
class Answers {

  private final MeshViews views;
  private final ResourceStore store;
  private final Bundles bundles;

  Answers(MeshViews views, ResourceStore store, Bundles bundles) {
    this.views = views;
    this.store = store;
    this.bundles = bundles;
  }

  Answer now(ResourceKey dataplane) {
    if (!views.loaded()) {
      return new Answer.NotLoaded();
    }
    return views
        .dataplane(dataplane)
        .<Answer>map(
            view ->
                new Answer.Current(bundles.current(view.mesh(), view.dataplane()), view.revision()))
        .orElseGet(() -> absent(dataplane));
  }

  /** A lack of data is no deletion: only what history has recorded is. */
  private Answer absent(ResourceKey dataplane) {
    List<HistoryEntry> newest = store.history(dataplane, Long.MAX_VALUE, 1);
    boolean deleted = !newest.isEmpty() && newest.getFirst().what() == WriteResult.Outcome.DELETED;
    return deleted ? new Answer.Deleted() : new Answer.Unknown();
  }
}
