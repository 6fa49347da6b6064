package io.sluice.rendering.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gathers Envoy's resources as the files of a bundle. */
final class EnvoyFiles {

  private final SortedMap<String, Message> messages = new TreeMap<>();

  void bootstrap(Bootstrap bootstrap) {
    put("envoy/bootstrap.json", bootstrap);
  }

  void listener(ResourceName name, Listener listener) {
    put("envoy/listeners/" + name.id() + ".json", listener);
  }

  void cluster(ResourceName name, Cluster cluster) {
    put("envoy/clusters/" + name.id() + ".json", cluster);
  }

  void endpoints(ResourceName cluster, DiscoveryResponse endpoints) {
    put("envoy/endpoints/" + cluster.id() + ".json", endpoints);
  }

  /** The text of every file, by path. */
  SortedMap<String, String> contents() {
    SortedMap<String, String> contents = new TreeMap<>();
    messages.forEach((path, message) -> contents.put(path, text(message)));
    return contents;
  }

  /** The same before it becomes text. */
  EnvoyResources resources() {
    SortedMap<String, ClusterLoadAssignment> endpoints = new TreeMap<>();
    for (DiscoveryResponse response : all(DiscoveryResponse.class)) {
      for (Any resource : response.getResourcesList()) {
        ClusterLoadAssignment assignment = assignment(resource);
        endpoints.put(assignment.getClusterName(), assignment);
      }
    }
    return new EnvoyResources(all(Listener.class), all(Cluster.class), endpoints);
  }

  /** Several outbounds may share a cluster; nothing else may be written twice. */
  private void put(String path, Message message) {
    Message before = messages.putIfAbsent(path, message);
    if (before != null && !before.equals(message)) {
      throw new IllegalArgumentException("two resources are to be " + path);
    }
  }

  private <M extends Message> List<M> all(Class<M> type) {
    return messages.values().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** What Envoy reads together with others of its kind says what it is. */
  private static String text(Message message) {
    return message instanceof Listener || message instanceof Cluster
        ? EnvoyJson.typed(message)
        : EnvoyJson.plain(message);
  }

  private static ClusterLoadAssignment assignment(Any resource) {
    try {
      return resource.unpack(ClusterLoadAssignment.class);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("endpoints are packed as nothing else", e);
    }
  }
}
