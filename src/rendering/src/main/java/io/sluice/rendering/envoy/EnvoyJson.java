package io.sluice.rendering.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;

/** Writes messages as compact JSON, the same bytes for the same message, with Envoy's names. */
final class EnvoyJson {

  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .usingTypeRegistry(
              TypeRegistry.newBuilder()
                  .add(Listener.getDescriptor())
                  .add(Cluster.getDescriptor())
                  .add(ClusterLoadAssignment.getDescriptor())
                  .add(HttpConnectionManager.getDescriptor())
                  .add(TcpProxy.getDescriptor())
                  .add(StdoutAccessLog.getDescriptor())
                  .add(Router.getDescriptor())
                  .add(FilterConfig.getDescriptor())
                  .add(HttpProtocolOptions.getDescriptor())
                  .build())
          .preservingProtoFieldNames()
          .sortingMapKeys()
          .omittingInsignificantWhitespace();

  private EnvoyJson() {}

  /** A message on its own. */
  static String plain(Message message) {
    return print(message);
  }

  /** A message that says what it is: {@code @type} comes first. */
  static String typed(Message message) {
    return print(Any.pack(message));
  }

  private static String print(Message message) {
    try {
      return PRINTER.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a nested message's type is not in the registry", e);
    }
  }
}
