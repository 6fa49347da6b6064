package io.sluice.rendering.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.InternalAddressConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.sluice.resources.dataplane.Protocol;

/** The network filters that carry a connection to a cluster. */
final class Filters {

  /** The local address is the one that was dialled, before the kernel redirected it. */
  private static final String REFUSED =
      "[%START_TIME%] refused %DOWNSTREAM_REMOTE_ADDRESS% -> %DOWNSTREAM_LOCAL_ADDRESS%:"
          + " it is no service that this host may reach, and the Mesh says"
          + " networking.outbound.passthrough: false\n";

  private Filters() {}

  /**
   * The filter for what an application speaks. Kafka is carried as TCP: Envoy's usual builds have
   * no Kafka filter.
   */
  static Filter of(Protocol protocol, String stat, ResourceName cluster, Timeouts timeouts) {
    return switch (protocol) {
      case HTTP, HTTP2 -> http(toService(stat, cluster, timeouts));
      case GRPC -> http(toService(stat, cluster, timeouts).addHttpFilters(0, grpcStats()));
      case KAFKA, TLS, TCP -> tcp(stat, cluster, timeouts);
    };
  }

  static Filter tcp(String stat, ResourceName cluster, Timeouts timeouts) {
    return filter(
        "envoy.filters.network.tcp_proxy",
        TcpProxy.newBuilder()
            .setStatPrefix(stat)
            .setCluster(cluster.name())
            .setIdleTimeout(timeouts.idle())
            .build());
  }

  /** A connection that leads nowhere, with a line in Envoy's log for each: somebody will ask. */
  static Filter refused(String stat, ResourceName cluster, Timeouts timeouts) {
    return filter(
        "envoy.filters.network.tcp_proxy",
        TcpProxy.newBuilder()
            .setStatPrefix(stat)
            .setCluster(cluster.name())
            .setIdleTimeout(timeouts.idle())
            .addAccessLog(
                AccessLog.newBuilder()
                    .setName("envoy.access_loggers.stdout")
                    .setTypedConfig(
                        Any.pack(
                            StdoutAccessLog.newBuilder()
                                .setLogFormat(
                                    SubstitutionFormatString.newBuilder()
                                        .setTextFormatSource(
                                            DataSource.newBuilder().setInlineString(REFUSED)))
                                .build())))
            .build());
  }

  static Filter http(HttpConnectionManager.Builder manager) {
    return filter("envoy.filters.network.http_connection_manager", manager.build());
  }

  /** HTTP in any version to routes, without a change to what passes but Envoy's own headers. */
  static HttpConnectionManager.Builder connectionManager(
      String stat, VirtualHost routes, Timeouts timeouts) {
    return HttpConnectionManager.newBuilder()
        .setStatPrefix(stat)
        .setCodecType(HttpConnectionManager.CodecType.AUTO)
        .setRouteConfig(RouteConfiguration.newBuilder().setName(stat).addVirtualHosts(routes))
        .setCommonHttpProtocolOptions(
            HttpProtocolOptions.newBuilder().setIdleTimeout(timeouts.idle()))
        .setStreamIdleTimeout(timeouts.streamIdle())
        // Health checkers of older load balancers speak HTTP/1.0, often without a Host.
        .setHttpProtocolOptions(
            Http1ProtocolOptions.newBuilder()
                .setAcceptHttp10(true)
                .setDefaultHostForHttp10("localhost"))
        .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType("websocket"))
        // Without it Envoy trusts the x-envoy-* headers of every private address.
        .setInternalAddressConfig(
            InternalAddressConfig.newBuilder()
                .addCidrRanges(range("127.0.0.1", 32))
                .addCidrRanges(range("::1", 128)))
        .addHttpFilters(
            HttpFilter.newBuilder()
                .setName("envoy.filters.http.router")
                .setTypedConfig(Any.pack(Router.getDefaultInstance())));
  }

  /** As between proxies, where WebSockets come as extended CONNECT. */
  private static HttpConnectionManager.Builder toService(
      String stat, ResourceName cluster, Timeouts timeouts) {
    return connectionManager(stat, toCluster(cluster, timeouts), timeouts)
        .setHttp2ProtocolOptions(Http2ProtocolOptions.newBuilder().setAllowConnect(true));
  }

  private static VirtualHost toCluster(ResourceName cluster, Timeouts timeouts) {
    return VirtualHost.newBuilder()
        .setName(cluster.name())
        .addDomains("*")
        .addRoutes(
            Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setRoute(
                    RouteAction.newBuilder()
                        .setCluster(cluster.name())
                        .setTimeout(timeouts.request())))
        .build();
  }

  private static HttpFilter grpcStats() {
    return HttpFilter.newBuilder()
        .setName("envoy.filters.http.grpc_stats")
        // A statistic for each method would let any client fill Envoy's memory with names.
        .setTypedConfig(
            Any.pack(
                FilterConfig.newBuilder()
                    .setEmitFilterState(true)
                    .setStatsForAllMethods(BoolValue.of(false))
                    .build()))
        .build();
  }

  private static Filter filter(String name, Message config) {
    return Filter.newBuilder().setName(name).setTypedConfig(Any.pack(config)).build();
  }

  private static CidrRange range(String prefix, int length) {
    return CidrRange.newBuilder()
        .setAddressPrefix(prefix)
        .setPrefixLen(UInt32Value.of(length))
        .build();
  }
}
