package io.sluice.rendering.envoy;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gathers Envoy's resources as the files of a bundle. */
final class EnvoyFiles {

  private final SortedMap<String, String> contents = new TreeMap<>();

  void bootstrap(Message bootstrap) {
    put("envoy/bootstrap.json", EnvoyJson.plain(bootstrap));
  }

  void listener(ResourceName name, Listener listener) {
    put("envoy/listeners/" + name.id() + ".json", EnvoyJson.typed(listener));
  }

  void cluster(ResourceName name, Cluster cluster) {
    put("envoy/clusters/" + name.id() + ".json", EnvoyJson.typed(cluster));
  }

  void endpoints(ResourceName cluster, DiscoveryResponse endpoints) {
    put("envoy/endpoints/" + cluster.id() + ".json", EnvoyJson.plain(endpoints));
  }

  SortedMap<String, String> contents() {
    return new TreeMap<>(contents);
  }

  /** Several outbounds may share a cluster; nothing else may be written twice. */
  private void put(String path, String content) {
    String before = contents.putIfAbsent(path, content);
    if (before != null && !before.equals(content)) {
      throw new IllegalArgumentException("two resources are to be " + path);
    }
  }
}
