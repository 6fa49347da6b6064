package io.sluice.resources.policy;

import io.sluice.resources.Resource;
import org.jspecify.annotations.Nullable;

/** A resource that says something about the dataplanes of its mesh that it selects. */
public interface Policy extends Resource {

  /** The mesh whose dataplanes it may select. */
  String mesh();

  /** Which dataplanes it selects; absent means all of the mesh. */
  @Nullable TargetRef targetRef();
}
