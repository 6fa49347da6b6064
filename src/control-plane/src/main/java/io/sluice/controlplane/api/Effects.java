package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.delivery.Bundles;
import io.sluice.controlplane.discovery.ForeseenAddresses;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourcePage;
import io.sluice.controlplane.store.ResourceQuery;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.controlplane.store.Write;
import io.sluice.controlplane.store.WriteResult;
import io.sluice.rendering.services.Catalogue;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Works out whose rendered files a change would change, and how. */
@Component
class Effects {

  private final ResourceStore store;
  private final MeshViews views;
  private final Bundles bundles;
  private final ForeseenAddresses addresses;

  Effects(ResourceStore store, MeshViews views, Bundles bundles, ForeseenAddresses addresses) {
    this.store = store;
    this.views = views;
    this.bundles = bundles;
    this.addresses = addresses;
  }

  /**
   * The dataplanes, and all of their meshes, that a stream may touch, as they are before it.
   *
   * @param only the one dataplane that is asked for; empty for all
   */
  record Before(
      NavigableMap<ResourceKey, Dataplane> dataplanes,
      Map<String, OfMesh> meshes,
      Optional<ResourceKey> only) {

    private boolean concerns(ResourceKey dataplane) {
      return only.isEmpty() || only.get().equals(dataplane);
    }
  }

  /**
   * What the dataplanes of a mesh have in common.
   *
   * @param policies by name
   */
  record OfMesh(Mesh mesh, Map<String, MeshTransparentProxy> policies) {

    OfMesh {
      policies = Map.copyOf(policies);
    }

    OfMesh with(Mesh other) {
      return new OfMesh(other, policies);
    }

    OfMesh with(MeshTransparentProxy policy) {
      Map<String, MeshTransparentProxy> others = new HashMap<>(policies);
      others.put(policy.name(), policy);
      return new OfMesh(mesh, others);
    }
  }

  /** What is there now of all that the writes may touch. */
  Before before(List<Write> writes) {
    NavigableMap<ResourceKey, Dataplane> dataplanes = new TreeMap<>();
    Set<String> whole = new TreeSet<>();
    for (Write write : writes) {
      ResourceKey key = write.key();
      if (!key.type().equals(Dataplane.TYPE)) {
        if (whole.add(meshOf(key))) {
          everyDataplane(meshOf(key), dataplanes);
        }
      } else {
        dataplane(key).ifPresent(present -> dataplanes.put(key, present));
        if (write instanceof Write.Put put && put.replaces().isPresent()) {
          ResourceKey other = ResourceKey.dataplane(key.mesh(), put.replaces().get());
          dataplane(other).ifPresent(present -> dataplanes.put(other, present));
        }
      }
    }
    return new Before(
        dataplanes, meshes(writes.stream().map(Write::key).map(Effects::meshOf)), Optional.empty());
  }

  /** What is there now of all by which the writes may touch one dataplane. */
  Before before(ResourceKey only) {
    NavigableMap<ResourceKey, Dataplane> dataplanes = new TreeMap<>();
    dataplane(only).ifPresent(present -> dataplanes.put(only, present));
    return new Before(dataplanes, meshes(Stream.of(only.mesh())), Optional.of(only));
  }

  /** What the results would change in the files of those dataplanes. */
  EffectsAnswer of(Before before, Collection<WriteResult> results) {
    Map<String, OfMesh> meshes = new HashMap<>(before.meshes());
    Offered offered = new Offered(views, addresses, results);
    NavigableMap<ResourceKey, Dataplane> former = new TreeMap<>(before.dataplanes());
    if (before.only().isEmpty()) {
      offered.changed().forEach(mesh -> everyDataplane(mesh, former));
    }
    NavigableMap<ResourceKey, Dataplane> dataplanes = new TreeMap<>(former);
    for (WriteResult result : results) {
      if (result.stored().resource() instanceof Mesh mesh) {
        meshes.merge(mesh.name(), new OfMesh(mesh, Map.of()), (known, _) -> known.with(mesh));
      }
    }
    for (WriteResult result : results) {
      result.replaced().ifPresent(dataplanes::remove);
      switch (result.stored().resource()) {
        case Mesh _, VirtualOutbound _ -> {}
        case MeshTransparentProxy policy ->
            meshes.computeIfPresent(policy.mesh(), (_, known) -> known.with(policy));
        case Dataplane dataplane -> dataplanes.put(result.stored().key(), dataplane);
        // Whatever else is written changes what the mesh offers.
        default -> {}
      }
    }
    NavigableSet<ResourceKey> keys = new TreeSet<>(former.keySet());
    keys.addAll(dataplanes.keySet());
    EffectTally tally = new EffectTally(bundles);
    for (ResourceKey key : keys) {
      if (before.concerns(key)) {
        tally.add(
            key,
            inputs(before.meshes().get(key.mesh()), former.get(key), offered.before(key.mesh())),
            inputs(meshes.get(key.mesh()), dataplanes.get(key), offered.after(key.mesh())),
            offered.provisional(key.mesh()));
      }
    }
    return tally.answer();
  }

  private Optional<Inputs> inputs(
      @Nullable OfMesh mesh, @Nullable Dataplane dataplane, Catalogue catalogue) {
    if (mesh == null || dataplane == null) {
      return Optional.empty();
    }
    return Optional.of(
        Inputs.of(
            mesh.mesh(),
            dataplane,
            mesh.policies().values(),
            views.dataplane(ResourceKey.of(dataplane)).flatMap(view -> view.inputs().facts()),
            catalogue));
  }

  private static String meshOf(ResourceKey key) {
    return key.type().equals(Mesh.TYPE) ? key.name() : key.mesh();
  }

  private Map<String, OfMesh> meshes(Stream<String> names) {
    Map<String, OfMesh> meshes = new HashMap<>();
    names.distinct().forEach(name -> mesh(name).ifPresent(mesh -> meshes.put(name, mesh)));
    return meshes;
  }

  private Optional<OfMesh> mesh(String name) {
    return store
        .find(ResourceKey.mesh(name))
        .map(
            stored ->
                new OfMesh(
                    (Mesh) stored.resource(),
                    store.every(MeshTransparentProxy.TYPE, name).stream()
                        .map(row -> (MeshTransparentProxy) row.resource())
                        .collect(Collectors.toMap(MeshTransparentProxy::name, policy -> policy))));
  }

  private Optional<Dataplane> dataplane(ResourceKey key) {
    return store.find(key).map(stored -> (Dataplane) stored.resource());
  }

  private void everyDataplane(String mesh, Map<ResourceKey, Dataplane> into) {
    Optional<ResourceKey> after = Optional.empty();
    ResourcePage page;
    do {
      page =
          store.list(
              new ResourceQuery(
                  Dataplane.TYPE,
                  Optional.of(mesh),
                  Optional.empty(),
                  List.of(),
                  Optional.empty(),
                  Page.LARGEST,
                  after));
      for (StoredResource row : page.items()) {
        into.put(row.key(), (Dataplane) row.resource());
        after = Optional.of(row.key());
      }
    } while (page.more());
  }
}
