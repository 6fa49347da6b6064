package io.sluice.rendering.trace;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.sluice.rendering.envoy.EnvoyResources;
import io.sluice.rendering.trace.EnvoyPath.Way;
import io.sluice.resources.net.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** From a network filter to the endpoints that it dials. */
final class Ways {

  private final EnvoyResources envoy;

  Ways(EnvoyResources envoy) {
    this.envoy = envoy;
  }

  /** Where a filter sends a connection, or its requests. */
  List<Way> of(Filter filter, Place meant) {
    Any config = filter.getTypedConfig();
    if (config.is(TcpProxy.class)) {
      String cluster = unpacked(config, TcpProxy.class).getCluster();
      return List.of(toCluster(Optional.empty(), cluster, meant));
    }
    if (config.is(HttpConnectionManager.class)) {
      return unpacked(config, HttpConnectionManager.class)
          .getRouteConfig()
          .getVirtualHostsList()
          .stream()
          .flatMap(host -> host.getRoutesList().stream())
          .map(route -> way(route, meant))
          .toList();
    }
    throw new IllegalStateException("no filter that ends a connection: " + filter.getName());
  }

  private Way way(Route route, Place meant) {
    Optional<String> request = Optional.of(request(route));
    return switch (route.getActionCase()) {
      case ROUTE -> toCluster(request, route.getRoute().getCluster(), meant);
      case DIRECT_RESPONSE -> new Way.Answered(request, route.getDirectResponse().getStatus());
      case REDIRECT, FILTER_ACTION, NON_FORWARDING_ACTION, ACTION_NOT_SET ->
          throw new IllegalStateException("no route of ours: " + route.getActionCase());
    };
  }

  private Way toCluster(Optional<String> request, String name, Place meant) {
    Cluster cluster =
        envoy.clusters().stream()
            .filter(each -> each.getName().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("there is no cluster " + name));
    return new Way.ToCluster(
        request,
        name,
        cluster.getType().name(),
        endpoints(cluster, meant),
        cluster.hasUpstreamBindConfig()
            ? Optional.of(cluster.getUpstreamBindConfig().getSourceAddress().getAddress())
            : Optional.empty());
  }

  private List<String> endpoints(Cluster cluster, Place meant) {
    return switch (cluster.getType()) {
      case ORIGINAL_DST -> List.of(meant.toString());
      case STATIC -> addresses(cluster.getLoadAssignment());
      case EDS ->
          addresses(
              envoy
                  .endpoints()
                  .getOrDefault(cluster.getName(), ClusterLoadAssignment.getDefaultInstance()));
      case STRICT_DNS, LOGICAL_DNS, UNRECOGNIZED ->
          throw new IllegalStateException("clusters resolve no names: " + cluster.getName());
    };
  }

  private static List<String> addresses(ClusterLoadAssignment assignment) {
    return assignment.getEndpointsList().stream()
        .flatMap(locality -> locality.getLbEndpointsList().stream())
        .map(endpoint -> text(endpoint.getEndpoint().getAddress()))
        .toList();
  }

  private static String text(Address address) {
    SocketAddress socket = address.getSocketAddress();
    return address.hasPipe()
        ? address.getPipe().getPath()
        : new HostPort(socket.getAddress(), socket.getPortValue()).toString();
  }

  private static String request(Route route) {
    RouteMatch match = route.getMatch();
    String path = match.hasPath() ? match.getPath() : match.getPrefix() + "*";
    Stream<String> headers = match.getHeadersList().stream().map(Ways::text);
    return Stream.concat(headers, Stream.of(path)).reduce((one, two) -> one + " " + two).orElse("");
  }

  private static String text(HeaderMatcher header) {
    String value = header.getStringMatch().getExact();
    return header.getName().equals(":method") ? value : header.getName() + "=" + value;
  }

  private static <M extends Message> M unpacked(Any any, Class<M> type) {
    try {
      return any.unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("rendered by us and not readable: " + type, e);
    }
  }
}
