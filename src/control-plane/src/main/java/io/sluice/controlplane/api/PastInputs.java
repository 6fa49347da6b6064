package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.store.HistoryEntry;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.resources.Resource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What a dataplane's bundle was made of at some revision, from the history. */
@Component
class PastInputs {

  private final ResourceStore store;

  PastInputs(ResourceStore store) {
    this.store = store;
  }

  /** Nothing if the dataplane did not exist then. */
  Optional<Inputs> at(ResourceKey dataplane, long revision) {
    Optional<Dataplane> itself = at(dataplane, revision, Dataplane.class);
    Optional<Mesh> mesh = at(ResourceKey.mesh(dataplane.mesh()), revision, Mesh.class);
    if (itself.isEmpty() || mesh.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Inputs.of(
            mesh.get(),
            itself.get(),
            policies(dataplane.mesh(), revision),
            at(ResourceKey.facts(dataplane.mesh(), dataplane.name()), revision, HostFacts.class)));
  }

  private List<MeshTransparentProxy> policies(String mesh, long revision) {
    return store.everyAt(MeshTransparentProxy.TYPE, mesh, revision).stream()
        .flatMap(entry -> entry.resource().stream())
        .map(MeshTransparentProxy.class::cast)
        .toList();
  }

  private <R extends Resource> Optional<R> at(ResourceKey key, long revision, Class<R> type) {
    return store.history(key, Math.min(revision, Long.MAX_VALUE - 1) + 1, 1).stream()
        .findFirst()
        .flatMap(HistoryEntry::resource)
        .map(type::cast);
  }
}
