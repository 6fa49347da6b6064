package io.sluice.rendering.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.sluice.rendering.bundle.Content;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gathers Envoy's resources as files by their path within {@code envoy/}. */
final class EnvoyFiles {

  /** A mesh has far fewer resources that several hosts share, apart from services. */
  private static final int HELD = 256;

  private static final Printed PRINTED = new Printed(HELD, EnvoyFiles::content);

  private final SortedMap<String, Message> messages = new TreeMap<>();

  void bootstrap(Bootstrap bootstrap) {
    put("bootstrap.json", bootstrap);
  }

  void listener(ResourceName name, Listener listener) {
    put("listeners/" + name.file(), listener);
  }

  void cluster(ResourceName name, Cluster cluster) {
    put("clusters/" + name.file(), cluster);
  }

  void endpoints(ResourceName cluster, DiscoveryResponse endpoints) {
    put("endpoints/" + cluster.file(), endpoints);
  }

  void listener(OutboundListener outbound) {
    listener(outbound.name(), outbound.listener());
  }

  void service(Service service) {
    cluster(service.name(), service.cluster());
    endpoints(service.name(), service.assignment());
  }

  /** What every file holds, by path. */
  SortedMap<String, Content> contents() {
    SortedMap<String, Content> contents = new TreeMap<>();
    messages.forEach((path, message) -> contents.put(path, PRINTED.of(message)));
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
  private static Content content(Message message) {
    return Content.of(
        message instanceof Listener || message instanceof Cluster
            ? EnvoyJson.typed(message)
            : EnvoyJson.plain(message));
  }

  private static ClusterLoadAssignment assignment(Any resource) {
    try {
      return resource.unpack(ClusterLoadAssignment.class);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("endpoints are packed as nothing else", e);
    }
  }
}
