package io.sluice.controlplane.api;

import io.sluice.controlplane.store.StoredResource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;

/** A dataplane with its mesh, as they are in the database. */
record StoredDataplane(StoredResource meshRow, StoredResource row) {

  Mesh mesh() {
    return (Mesh) meshRow.resource();
  }

  Dataplane dataplane() {
    return (Dataplane) row.resource();
  }

  /** The highest revision among what rendering sees. */
  long revision() {
    return Math.max(meshRow.revision(), row.revision());
  }
}
