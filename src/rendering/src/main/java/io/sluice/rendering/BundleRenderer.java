package io.sluice.rendering;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;
import java.util.TreeMap;

/** Renders a dataplane's bundle. The same resources give the same bytes. */
public final class BundleRenderer {

  /** What the dataplane's host is told. Both resources are valid. */
  public Bundle render(Mesh mesh, Dataplane dataplane) {
    return Bundle.of(new TreeMap<>());
  }
}
