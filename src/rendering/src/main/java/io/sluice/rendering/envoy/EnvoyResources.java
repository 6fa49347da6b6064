package io.sluice.rendering.envoy;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one dataplane's Envoy is told, before it becomes the text of files.
 *
 * @param endpoints those that are told apart from their cluster, by its name
 */
public record EnvoyResources(
    List<Listener> listeners,
    List<Cluster> clusters,
    Map<String, ClusterLoadAssignment> endpoints) {

  /** The chain of connections that are refused because the mesh lets nothing unknown pass. */
  public static final String PASSTHROUGH_OFF = "passthrough-off";

  /** Copies everything, the endpoints in the order of their clusters' names. */
  public EnvoyResources {
    listeners = List.copyOf(listeners);
    clusters = List.copyOf(clusters);
    endpoints = Collections.unmodifiableMap(new TreeMap<>(endpoints));
  }
}
