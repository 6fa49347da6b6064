package io.sluice.agent.envoy;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * Refuses configuration that would make Envoy do anything but what a data path needs. Of the
 * bootstrap only the node's names are free: where the admin API listens and where configuration
 * comes from is fixed. Resources may be of known types only, none of which runs code, and may name
 * no file but the live folder's.
 */
public final class EnvoyConfigCheck {

  private static final Map<String, String> BOOTSTRAP =
      Map.ofEntries(
          Map.entry("admin.address.pipe.path", Pattern.quote(AdminSocket.PATH)),
          Map.entry("admin.address.pipe.mode", "384|432"),
          Map.entry("dynamicResources.ldsConfig.pathConfigSource.path", "live/lds\\.json"),
          Map.entry("dynamicResources.ldsConfig.resourceApiVersion", "V3"),
          Map.entry("dynamicResources.cdsConfig.pathConfigSource.path", "live/cds\\.json"),
          Map.entry("dynamicResources.cdsConfig.resourceApiVersion", "V3"));
  private static final Pattern NODE =
      Pattern.compile("node\\.(id|cluster|locality\\.[a-zA-Z]+|metadata\\..+)");

  private static final String TYPE = "type.googleapis.com/";
  private static final Set<String> EXTENSIONS =
      Set.of(
          "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
          "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
          "envoy.extensions.filters.network.rbac.v3.RBAC",
          "envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit",
          "envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit",
          "envoy.extensions.filters.http.router.v3.Router",
          "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig",
          "envoy.extensions.filters.http.rbac.v3.RBAC",
          "envoy.extensions.filters.http.fault.v3.HTTPFault",
          "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
          "envoy.extensions.filters.http.health_check.v3.HealthCheck",
          "envoy.extensions.filters.listener.original_dst.v3.OriginalDst",
          "envoy.extensions.filters.listener.original_src.v3.OriginalSrc",
          "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
          "envoy.extensions.filters.listener.http_inspector.v3.HttpInspector",
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
          "envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions",
          "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog");

  private EnvoyConfigCheck() {}

  /**
   * Checks what a bundle has for Envoy.
   *
   * @param changes in which it differs from one that was checked, by path
   */
  public static void check(Generation bundle, SortedMap<String, Optional<Digest>> changes)
      throws IOException, RefusedException {
    boolean moved = false;
    for (Map.Entry<String, Optional<Digest>> change : changes.entrySet()) {
      String path = change.getKey();
      boolean ours = path.startsWith("envoy/") || path.startsWith("mesh/");
      if (ours && change.getValue().isPresent()) {
        moved = true;
        try {
          file(path, bundle.read(path));
        } catch (RefusedException e) {
          throw new RefusedException(path + ": " + e.reason());
        }
      }
    }
    if (moved) {
      for (ResourceKind kind : ResourceKind.values()) {
        kind.demandDistinct(bundle.tree());
      }
    }
    if (bundle.tree().file("envoy/bootstrap.json").isEmpty()) {
      throw new RefusedException("the bundle has no envoy/bootstrap.json");
    }
  }

  static void file(String path, byte[] content) throws RefusedException {
    if (path.equals("envoy/bootstrap.json")) {
      JsonScanner.scan(content, EnvoyConfigCheck::bootstrap);
    } else if (ResourceKind.LISTENER.has(path)) {
      resource(content, "@type", "envoy.config.listener.v3.Listener");
    } else if (ResourceKind.CLUSTER.has(path)) {
      resource(content, "@type", "envoy.config.cluster.v3.Cluster");
    } else if (ResourceKind.ENDPOINTS.has(path)) {
      resource(content, "resources[].@type", "envoy.config.endpoint.v3.ClusterLoadAssignment");
    } else {
      throw new RefusedException("no bundle has such a file");
    }
  }

  private static void bootstrap(String path, String value) throws RefusedException {
    String field = camelCase(path);
    if (NODE.matcher(field).matches()) {
      return;
    }
    String allowed = BOOTSTRAP.get(field);
    if (allowed == null || !value.matches(allowed)) {
      throw new RefusedException(path + "=" + value + " is not what a bootstrap may say");
    }
  }

  private static void resource(byte[] content, String typeAt, String type) throws RefusedException {
    boolean[] typed = new boolean[1];
    String[] name = {""};
    boolean[] dialsAdmin = new boolean[1];
    AdminRoutes routes = new AdminRoutes();
    JsonScanner.scan(
        content,
        (path, value) -> {
          if (path.equals(typeAt)) {
            typed[0] = value.equals(TYPE + type);
          } else if (path.endsWith("@type")) {
            extension(value);
          } else {
            String field = camelCase(path);
            plain(field, value);
            if (type.endsWith(".Listener")) {
              routes.scalar(field, value);
            }
            name[0] = field.equals("name") ? value : name[0];
            dialsAdmin[0] |= field.endsWith(".pipe.path");
          }
        });
    routes.end();
    if (dialsAdmin[0] && !name[0].equals(AdminRoutes.CLUSTER)) {
      throw new RefusedException("only the cluster " + AdminRoutes.CLUSTER + " may dial a pipe");
    }
    if (!typed[0]) {
      throw new RefusedException("it is not one " + type);
    }
  }

  private static void extension(String type) throws RefusedException {
    String name = type.startsWith(TYPE) ? type.substring(TYPE.length()) : type;
    if (!EXTENSIONS.contains(name)) {
      throw new RefusedException("the type " + type + " is not one that the agent lets Envoy use");
    }
  }

  private static void plain(String field, String value) throws RefusedException {
    boolean elsewhere =
        field.endsWith("pathConfigSource.path")
            && !value.matches("live/endpoints/[a-z0-9][a-z0-9._-]{0,126}\\.json");
    boolean otherPipe = field.contains(".pipe.") && !value.equals(AdminSocket.PATH);
    if (elsewhere
        || otherPipe
        || field.contains("apiConfigSource")
        || field.endsWith("clusterHeader")
        || field.endsWith("filename")
        || field.endsWith("environmentVariable")
        || field.contains("envoyInternalAddress")) {
      throw new RefusedException(field + "=" + value + " is not what a bundle may set");
    }
  }

  /** Both spellings of a protobuf field mean the same to Envoy. */
  private static String camelCase(String path) {
    if (path.indexOf('_') < 0) {
      return path;
    }
    StringBuilder camel = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        camel.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return camel.toString();
  }
}
