package io.sluice.rendering.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.resources.dataplane.Protocol;

/** Clusters: where listeners send what they took. */
final class Clusters {

  /** The key under which Envoy looks for a cluster's HTTP options. */
  private static final String HTTP_OPTIONS =
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  /**
   * Envoy's own limit of 1,024 connections for a cluster would be one for a whole application, and
   * in a passthrough for everything that a host does.
   */
  private static final UInt32Value UNLIMITED = UInt32Value.of(-1);

  private static final ExplicitHttpConfig HTTP1 =
      ExplicitHttpConfig.newBuilder()
          .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance())
          .build();

  private static final ExplicitHttpConfig HTTP2 =
      ExplicitHttpConfig.newBuilder()
          .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance())
          .build();

  /** WebSockets travel as extended CONNECT between proxies. */
  private static final ExplicitHttpConfig BETWEEN_PROXIES =
      ExplicitHttpConfig.newBuilder()
          .setHttp2ProtocolOptions(Http2ProtocolOptions.newBuilder().setAllowConnect(true))
          .build();

  private Clusters() {}

  /** The application of one inbound; where it listens is told by the endpoints' file. */
  static Cluster.Builder workload(ResourceName name, Protocol protocol) {
    Cluster.Builder cluster =
        eds(name, Timeouts.INBOUND).setAltStatName(name.stat()).setCircuitBreakers(unlimited());
    switch (protocol) {
      case HTTP -> http(cluster, HTTP1);
      case HTTP2, GRPC -> http(cluster, HTTP2);
      case KAFKA, TLS, TCP -> {}
    }
    return cluster;
  }

  /** The endpoints of a service. Between proxies HTTP of any version travels as HTTP/2. */
  static Cluster service(ResourceName name, Protocol protocol) {
    Cluster.Builder cluster = eds(name, Timeouts.OUTBOUND);
    switch (protocol) {
      case HTTP, HTTP2, GRPC -> http(cluster, BETWEEN_PROXIES);
      case KAFKA, TLS, TCP -> {}
    }
    return cluster.build();
  }

  /** Wherever a captured connection wanted to go in the first place. */
  static Cluster.Builder originalDestination(ResourceName name, Timeouts timeouts) {
    return cluster(name, DiscoveryType.ORIGINAL_DST, timeouts)
        .setAltStatName(name.stat())
        .setLbPolicy(LbPolicy.CLUSTER_PROVIDED)
        .setCircuitBreakers(unlimited());
  }

  /** Nowhere: connections are closed at once and counted. */
  static Cluster blackhole() {
    return cluster(ResourceName.BLACKHOLE, DiscoveryType.STATIC, Timeouts.INBOUND)
        .setAltStatName(ResourceName.BLACKHOLE.stat())
        .build();
  }

  /** One fixed address. */
  static Cluster fixed(ResourceName name, Address address) {
    return cluster(name, DiscoveryType.STATIC, Timeouts.INBOUND)
        .setAltStatName(name.stat())
        .setLoadAssignment(
            ClusterLoadAssignment.newBuilder()
                .setClusterName(name.name())
                .addEndpoints(Endpoints.at(address)))
        .build();
  }

  /** Where Envoy dials the application from when the rules are to let it pass. */
  static BindConfig passthroughSource(IpFamily family) {
    return BindConfig.newBuilder()
        .setSourceAddress(Addresses.socket(family.passthroughSource(), 0))
        .build();
  }

  private static void http(Cluster.Builder cluster, ExplicitHttpConfig version) {
    cluster.putTypedExtensionProtocolOptions(
        HTTP_OPTIONS,
        Any.pack(HttpProtocolOptions.newBuilder().setExplicitHttpConfig(version).build()));
  }

  private static Cluster.Builder eds(ResourceName name, Timeouts timeouts) {
    return cluster(name, DiscoveryType.EDS, timeouts)
        .setEdsClusterConfig(
            EdsClusterConfig.newBuilder()
                .setEdsConfig(LiveFiles.watched("live/endpoints/" + name.id() + ".json")));
  }

  private static Cluster.Builder cluster(ResourceName name, DiscoveryType type, Timeouts timeouts) {
    return Cluster.newBuilder()
        .setName(name.name())
        .setType(type)
        .setConnectTimeout(timeouts.connect());
  }

  private static CircuitBreakers unlimited() {
    return CircuitBreakers.newBuilder()
        .addThresholds(
            Thresholds.newBuilder()
                .setMaxConnections(UNLIMITED)
                .setMaxPendingRequests(UNLIMITED)
                .setMaxRequests(UNLIMITED)
                .setMaxRetries(UNLIMITED))
        .build();
  }
}
