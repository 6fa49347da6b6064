package io.sluice.controlplane.delivery;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.WriteResult;
import io.sluice.resources.host.HostFacts;
import java.util.Optional;
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

  /**
   * What the host is to be told now.
   *
   * @param facts the digest of what the host knows about itself; nothing from an agent that does
   *     not say
   */
  Answer now(ResourceKey dataplane, Optional<String> facts) {
    if (!views.loaded()) {
      return new Answer.NotLoaded();
    }
    return views
        .dataplane(dataplane)
        .<Answer>map(
            view ->
                facts.isPresent() && !facts.equals(view.inputs().facts().map(HostFacts::digest))
                    ? new Answer.OtherFacts()
                    : new Answer.Current(bundles.current(view.inputs()), view.revision()))
        .orElseGet(() -> absent(dataplane));
  }

  /** A lack of data is no deletion: only what history has recorded is. */
  private Answer absent(ResourceKey dataplane) {
    return store.history(dataplane, Long.MAX_VALUE, 1).stream()
        .filter(newest -> newest.what() == WriteResult.Outcome.DELETED)
        .<Answer>map(newest -> new Answer.Deleted(Deletion.by(newest.who(), dataplane)))
        .findFirst()
        .orElseGet(Answer.Unknown::new);
  }
}
