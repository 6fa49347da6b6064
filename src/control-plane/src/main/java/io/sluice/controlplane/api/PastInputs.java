package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.changes.Offers;
import io.sluice.controlplane.store.HistoryEntry;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.controlplane.store.WriteResult;
import io.sluice.rendering.services.Catalogue;
import io.sluice.resources.Resource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What a dataplane's bundle was made of at some revision, from the history. */
@Component
class PastInputs {

  /** So far back is looked for when a VirtualOutbound was made. */
  private static final int MOST_EDITS = 1_000;

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
            at(ResourceKey.facts(dataplane.mesh(), dataplane.name()), revision, HostFacts.class),
            catalogue(dataplane.mesh(), revision)));
  }

  private Catalogue catalogue(String mesh, long revision) {
    Catalogue catalogue = Catalogue.empty();
    for (String type : Offers.types()) {
      for (HistoryEntry entry : store.everyAt(type, mesh, revision)) {
        Optional<StoredResource> then = entry.resource().map(each -> stored(entry, each));
        if (then.isPresent()) {
          catalogue = Offers.with(catalogue, then.get());
        }
      }
    }
    return catalogue;
  }

  private StoredResource stored(HistoryEntry entry, Resource resource) {
    return new StoredResource(
        entry.key(), resource, entry.revision(), created(entry), entry.when());
  }

  /** The younger of two equal VirtualOutbounds wins; of all else nobody asks. */
  private Instant created(HistoryEntry entry) {
    if (!entry.key().type().equals(VirtualOutbound.TYPE)) {
      return entry.when();
    }
    return store.history(entry.key(), entry.revision() + 1, MOST_EDITS).stream()
        .filter(earlier -> earlier.what() == WriteResult.Outcome.CREATED)
        .findFirst()
        .map(HistoryEntry::when)
        .orElse(entry.when());
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
