package io.sluice.controlplane.changes;

import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** All meshes and dataplanes in memory, a little behind the database and never out of order. */
public interface MeshViews {

  /** A dataplane and its mesh at one moment, or nothing if either does not exist. */
  Optional<View> dataplane(ResourceKey dataplane);

  /** Whether the view has been loaded from the database since the start. */
  boolean loaded();

  /** Calls back after each change, in order, from one thread, with the keys of what changed. */
  void onChange(Consumer<Set<ResourceKey>> listener);

  /**
   * What the rendering of one dataplane needs.
   *
   * @param revision the highest revision among the inputs
   */
  record View(Mesh mesh, Dataplane dataplane, StoredResource stored, long revision) {}
}
