package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.delivery.Bundles;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourcePage;
import io.sluice.controlplane.store.ResourceQuery;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.controlplane.store.Write;
import io.sluice.controlplane.store.WriteResult;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.UnrenderableException;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Works out whose rendered files a change would change, and how. */
@Component
class Effects {

  /** More are counted and not shown: nobody reads on. */
  private static final int SHOWN = 100;

  private final ResourceStore store;
  private final MeshViews views;
  private final Bundles bundles;

  Effects(ResourceStore store, MeshViews views, Bundles bundles) {
    this.store = store;
    this.views = views;
    this.bundles = bundles;
  }

  /** The dataplanes, and all of their meshes, that a stream may touch, as they are before it. */
  record Before(NavigableMap<ResourceKey, Dataplane> dataplanes, Map<String, OfMesh> meshes) {}

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

  /** Whose files would change. */
  @Schema(name = "Effects", description = "Whose files would change.")
  record EffectsAnswer(
      @Schema(description = "How many dataplanes' files would change", example = "1") int total,
      @Schema(description = "The first 100 of them, by mesh and name")
          List<EffectAnswer> dataplanes) {}

  /** How one dataplane's files would change. */
  @Schema(name = "Effect", description = "How one dataplane's files would change.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record EffectAnswer(
      String mesh,
      String name,
      @Schema(description = "added and removed lines of each file that changes, by path")
          SortedMap<String, String> files,
      @Schema(description = "Why no bundle could be made, if none could")
          @Nullable String problem) {}

  /** What is there now of all that the writes may touch. */
  Before before(List<Write> writes) {
    NavigableMap<ResourceKey, Dataplane> dataplanes = new TreeMap<>();
    Map<String, OfMesh> meshes = new HashMap<>();
    Set<String> whole = new TreeSet<>();
    for (Write write : writes) {
      ResourceKey key = write.key();
      String name = key.type().equals(Mesh.TYPE) ? key.name() : key.mesh();
      if (!meshes.containsKey(name)) {
        mesh(name).ifPresent(mesh -> meshes.put(name, mesh));
      }
      if (!key.type().equals(Dataplane.TYPE)) {
        if (whole.add(name)) {
          everyDataplane(name, dataplanes);
        }
      } else {
        dataplane(key).ifPresent(present -> dataplanes.put(key, present));
        if (write instanceof Write.Put put && put.replaces().isPresent()) {
          ResourceKey other = ResourceKey.dataplane(key.mesh(), put.replaces().get());
          dataplane(other).ifPresent(present -> dataplanes.put(other, present));
        }
      }
    }
    return new Before(dataplanes, meshes);
  }

  /** What the results would change in the files of those dataplanes. */
  EffectsAnswer of(Before before, Collection<WriteResult> results) {
    Map<String, OfMesh> meshes = new HashMap<>(before.meshes());
    NavigableMap<ResourceKey, Dataplane> dataplanes = new TreeMap<>(before.dataplanes());
    for (WriteResult result : results) {
      result.replaced().ifPresent(dataplanes::remove);
      switch (result.stored().resource()) {
        case Mesh mesh ->
            meshes.merge(mesh.name(), new OfMesh(mesh, Map.of()), (known, _) -> known.with(mesh));
        case MeshTransparentProxy policy ->
            meshes.computeIfPresent(policy.mesh(), (_, known) -> known.with(policy));
        case Dataplane dataplane -> dataplanes.put(result.stored().key(), dataplane);
        default -> throw new IllegalStateException("not stored: " + result.stored().key());
      }
    }
    int total = 0;
    List<EffectAnswer> shown = new ArrayList<>();
    NavigableSet<ResourceKey> keys = new TreeSet<>(before.dataplanes().keySet());
    keys.addAll(dataplanes.keySet());
    for (ResourceKey key : keys) {
      Rendered old = render(before.meshes().get(key.mesh()), before.dataplanes().get(key));
      Rendered next = render(meshes.get(key.mesh()), dataplanes.get(key));
      if (!old.differsFrom(next)) {
        continue;
      }
      total++;
      if (shown.size() < SHOWN) {
        shown.add(
            new EffectAnswer(
                key.mesh(),
                key.name(),
                BundleDiff.of(old.bundle(), next.bundle()),
                next.problem().orElse(null)));
      }
    }
    return new EffectsAnswer(total, shown);
  }

  /** A bundle, or why there can be none; neither for a dataplane that does not exist. */
  private record Rendered(Optional<Bundle> bundle, Optional<String> problem) {

    boolean differsFrom(Rendered other) {
      return !bundle.map(Bundle::digest).equals(other.bundle.map(Bundle::digest))
          || !problem.equals(other.problem);
    }
  }

  private Rendered render(@Nullable OfMesh mesh, @Nullable Dataplane dataplane) {
    if (mesh == null || dataplane == null) {
      return new Rendered(Optional.empty(), Optional.empty());
    }
    try {
      return new Rendered(Optional.of(bundles.preview(inputs(mesh, dataplane))), Optional.empty());
    } catch (UnrenderableException e) {
      return new Rendered(Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private Inputs inputs(OfMesh mesh, Dataplane dataplane) {
    return Inputs.of(
        mesh.mesh(),
        dataplane,
        mesh.policies().values(),
        views.dataplane(ResourceKey.of(dataplane)).flatMap(view -> view.inputs().facts()));
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
