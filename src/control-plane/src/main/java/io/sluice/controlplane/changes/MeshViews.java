package io.sluice.controlplane.changes;

import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.services.Catalogue;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All meshes, policies, dataplanes and facts in memory, a little behind the database and never out
 * of order.
 */
public interface MeshViews {

  /** A dataplane and its mesh at one moment, or nothing if either does not exist. */
  Optional<View> dataplane(ResourceKey dataplane);

  /** A resource of any type. */
  Optional<StoredResource> find(ResourceKey key);

  /** The dataplanes of a mesh, in no order; it costs a look at every resource. */
  Collection<StoredResource> dataplanes(String mesh);

  /** The policies of a mesh, in no order. */
  Collection<MeshTransparentProxy> policies(String mesh);

  /** What a mesh offers; nothing if there is no such mesh. */
  Catalogue catalogue(String mesh);

  /** Whether the view has been loaded from the database since the start. */
  boolean loaded();

  /** Calls back after each change, in order, from one thread, with the keys of what changed. */
  void onChange(Consumer<Set<ResourceKey>> listener);

  /**
   * One dataplane.
   *
   * @param inputs what its rendering needs
   * @param revision the highest revision among the inputs, services of others left out
   */
  record View(Inputs inputs, StoredResource stored, long revision) {}
}
