package io.sluice.resources.policy;

import io.sluice.resources.shape.Spelled;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which dataplanes a policy selects, as in Kuma 2.9.
 *
 * @param kind never absent in a valid one
 * @param name of the service, or of the dataplane
 * @param tags that one inbound or the gateway must have
 * @param proxyTypes which sorts of dataplanes; empty means all
 * @param sectionName accepted and without meaning at this place, as in Kuma
 */
public record TargetRef(
    @Nullable Kind kind,
    @Nullable String name,
    SortedMap<String, String> tags,
    List<ProxyType> proxyTypes,
    @Nullable String sectionName) {

  /** Copies the collections. */
  public TargetRef {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    proxyTypes = List.copyOf(proxyTypes);
  }

  /** What is selected, in ascending precedence: what a later kind says wins. */
  public enum Kind {
    /** All dataplanes of the mesh. */
    @Spelled("Mesh")
    MESH,
    /** Dataplanes of which one inbound, or the gateway, has all the tags. */
    @Spelled("MeshSubset")
    MESH_SUBSET,
    /** Dataplanes of which one inbound, or the gateway, offers the service. */
    @Spelled("MeshService")
    MESH_SERVICE,
    /** The same, with tags beside the service's name. */
    @Spelled("MeshServiceSubset")
    MESH_SERVICE_SUBSET,
    /** The dataplane of this name. Kuma 2.9 does not have it. */
    @Spelled("Dataplane")
    DATAPLANE
  }

  /** A sort of dataplane. */
  public enum ProxyType {
    /** A dataplane without a gateway. */
    @Spelled("Sidecar")
    SIDECAR,
    /** A dataplane with one, delegated or built in. */
    @Spelled("Gateway")
    GATEWAY
  }
}
