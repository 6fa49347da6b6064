package io.sluice.agent;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Bundles made by hand, as docs/bundle.md describes them. */
public final class Bundles {

  /** A rule that captures what this host itself sends to port 80. */
  public static final String CAPTURE_HTTP =
      "-A SLUICE_OUTBOUND -p tcp --dport 80 -j SLUICE_INBOUND_REDIRECT\n";

  private Bundles() {}

  /** A bundle: its objects by digest. */
  public record Made(Digest digest, Map<String, byte[]> objects, Map<String, Digest> files) {

    /** A pack with all of it. */
    public byte[] pack() {
      return zip(objects);
    }

    /** A pack with what is new since another one, and how the tree differs. */
    public byte[] difference(Made before) {
      TreeMap<String, Digest> all = new TreeMap<>(before.files);
      all.putAll(files);
      StringBuilder text = new StringBuilder();
      Map<String, byte[]> entries = new TreeMap<>();
      for (String path : all.keySet()) {
        Digest now = files.get(path);
        if (now == null) {
          text.append("-  ").append(path).append('\n');
        } else if (!now.equals(before.files.get(path))) {
          text.append(now).append("  ").append(path).append('\n');
          entries.put(now.hex(), java.util.Objects.requireNonNull(objects.get(now.hex())));
        }
      }
      entries.put("difference", text.toString().getBytes(StandardCharsets.UTF_8));
      return zip(entries);
    }
  }

  /** The bundle of these files. */
  public static Made of(Map<String, String> files) {
    TreeMap<String, Digest> digests = new TreeMap<>();
    Map<String, byte[]> objects = new HashMap<>();
    files.forEach(
        (path, text) -> {
          byte[] content = text.getBytes(StandardCharsets.UTF_8);
          digests.put(path, Digest.of(content));
          objects.put(Digest.of(content).hex(), content);
        });
    Digest root = folder("", digests, objects);
    try {
      if (!Tree.of(digests).digest().equals(root)) {
        throw new AssertionError("the agent names this tree otherwise");
      }
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
    return new Made(root, objects, digests);
  }

  private static Digest folder(String path, Map<String, Digest> all, Map<String, byte[]> objects) {
    TreeMap<String, Digest> entries = new TreeMap<>();
    all.forEach(
        (name, digest) -> {
          if (name.startsWith(path)) {
            String rest = name.substring(path.length());
            int slash = rest.indexOf('/');
            if (slash < 0) {
              entries.put(rest, digest);
            } else {
              String folder = rest.substring(0, slash + 1);
              entries.computeIfAbsent(folder, f -> folder(path + f, all, objects));
            }
          }
        });
    StringBuilder manifest = new StringBuilder();
    entries.forEach((name, digest) -> manifest.append(digest + "  " + name + "\n"));
    byte[] content = manifest.toString().getBytes(StandardCharsets.UTF_8);
    objects.put(Digest.of(content).hex(), content);
    return Digest.of(content);
  }

  /** A zip of entries. */
  public static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The bootstrap of these tests. */
  public static String bootstrap(String node) {
    return """
        {"node":{"id":"%s","cluster":"default"},\
        "admin":{"address":{"pipe":{"path":"run/envoy-admin.sock"}}},\
        "dynamic_resources":{"lds_config":{"path_config_source":{"path":"live/lds.json"},\
        "resource_api_version":"V3"},"cds_config":{"path_config_source":\
        {"path":"live/cds.json"},"resource_api_version":"V3"}}}"""
        .formatted(node);
  }

  /** A listener that hands each connection to a cluster. */
  public static String listener(String name, int port, String cluster) {
    return """
        {"@type":"type.googleapis.com/envoy.config.listener.v3.Listener","name":"%s",\
        "address":{"socket_address":{"address":"127.0.0.1","port_value":%d}},\
        "filter_chains":[{"filters":[{"name":"envoy.filters.network.tcp_proxy","typed_config":\
        {"@type":"type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",\
        "stat_prefix":"%s","cluster":"%s"}}]}]}"""
        .formatted(name, port, name, cluster);
  }

  /** The listener to which captured connections of this host are redirected. */
  public static String catchAll(String name, String address, int port) {
    return """
        {"@type":"type.googleapis.com/envoy.config.listener.v3.Listener","name":"%s",\
        "address":{"socket_address":{"address":"%s","port_value":%d}},"use_original_dst":true,\
        "filter_chains":[{"filters":[{"name":"envoy.filters.network.tcp_proxy","typed_config":\
        {"@type":"type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",\
        "stat_prefix":"%s","cluster":"in"}}]}]}"""
        .formatted(name, address, port, name);
  }

  /** The listener that answers the agent's probe. */
  public static String probe(String name, String address) {
    return """
        {"@type":"type.googleapis.com/envoy.config.listener.v3.Listener","name":"%s",\
        "address":{"socket_address":{"address":"%s","port_value":15009}},"bind_to_port":false,\
        "filter_chains":[{"filters":[{"name":"envoy.filters.network.http_connection_manager",\
        "typed_config":{"@type":"type.googleapis.com/envoy.extensions.filters.network.\
        http_connection_manager.v3.HttpConnectionManager","stat_prefix":"%s","route_config":\
        {"virtual_hosts":[{"name":"probe","domains":["*"],"routes":[{"match":{"prefix":"/"},\
        "direct_response":{"status":204}}]}]},"http_filters":[{"name":"envoy.filters.http.router",\
        "typed_config":{"@type":\
        "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]}"""
        .formatted(name, address, name);
  }

  /** A cluster whose endpoints are a file. */
  public static String cluster(String id) {
    return """
        {"@type":"type.googleapis.com/envoy.config.cluster.v3.Cluster","name":"%s",\
        "type":"EDS","connect_timeout":"1s","eds_cluster_config":{"eds_config":\
        {"path_config_source":{"path":"live/endpoints/%s.json"},"resource_api_version":"V3"}}}"""
        .formatted(id, id);
  }

  /** The endpoint of a cluster. */
  public static String endpoints(String id, int port) {
    return """
        {"version_info":"%d","resources":[{"@type":\
        "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment","cluster_name":"%s",\
        "endpoints":[{"lb_endpoints":[{"endpoint":{"address":{"socket_address":\
        {"address":"127.0.0.1","port_value":%d}}}}]}]}]}"""
        .formatted(port, id, port);
  }

  /** Settings of mode none. */
  public static final String EXPLICIT =
      "drain-seconds=1\nformat=1\nip-family-mode=dualstack\nmode=none\nproxy-user=sluice-proxy\n";

  /** Settings of mode iptables. */
  public static final String TRANSPARENT =
      """
      drain-seconds=1
      drift=repair
      format=1
      ip-family-mode=dualstack
      mode=iptables
      on-proxy-failure=closed
      proxy-user=sluice-proxy
      redirect.inbound.port=15006
      redirect.outbound.port=15001
      """;

  /** Rules that capture port 5000 for the inbound listener. */
  public static String rules(String... more) {
    return """
        *nat
        :SLUICE_INBOUND - [0:0]
        :SLUICE_INBOUND_REDIRECT - [0:0]
        :SLUICE_OUTBOUND - [0:0]
        -A PREROUTING -p tcp --syn -m comment --comment "new connections that arrive" -j SLUICE_INBOUND
        -A OUTPUT -p tcp --syn -m comment --comment "new connections of this host" -j SLUICE_OUTBOUND
        -A SLUICE_INBOUND -p tcp --dport 22 -m comment --comment "never captured" -j RETURN
        -A SLUICE_INBOUND -p tcp -j SLUICE_INBOUND_REDIRECT
        -A SLUICE_INBOUND_REDIRECT -p tcp -j REDIRECT --to-ports 15006
        -A SLUICE_OUTBOUND -p tcp --dport 15009 -m owner ! --gid-owner sluice -j REDIRECT --to-ports 15001
        -A SLUICE_OUTBOUND -m owner --gid-owner sluice -j RETURN
        %sCOMMIT
        """
        .formatted(String.join("", more));
  }

  /** An explicit bundle: one listener, one cluster, one endpoint. */
  public static Map<String, String> explicit(int listens, int workload) {
    TreeMap<String, String> files = new TreeMap<>();
    files.put("agent.properties", EXPLICIT);
    files.put("envoy/bootstrap.json", bootstrap("default.web"));
    files.put("envoy/listeners/in.json", listener("in", listens, "in"));
    files.put("envoy/clusters/in.json", cluster("in"));
    files.put("envoy/endpoints/in.json", endpoints("in", workload));
    return files;
  }

  /** A service's listener, cluster and endpoint below {@code envoy/} or {@code mesh/}. */
  public static Map<String, String> service(String root, String id, int port, int workload) {
    return Map.of(
        root + "listeners/" + id + ".json", listener(id, port, id),
        root + "clusters/" + id + ".json", cluster(id),
        root + "endpoints/" + id + ".json", endpoints(id, workload));
  }

  /** A transparent bundle: the same with rules. */
  public static Map<String, String> transparent(int workload) {
    Map<String, String> files = explicit(15006, workload);
    files.put("agent.properties", TRANSPARENT);
    files.put("envoy/listeners/out-v4.json", catchAll("out-v4", "0.0.0.0", 15001));
    files.put("envoy/listeners/out-v6.json", catchAll("out-v6", "::", 15001));
    files.put("envoy/listeners/sluice-probe-ipv4.json", probe("probe-v4", "127.0.0.6"));
    files.put("envoy/listeners/sluice-probe-ipv6.json", probe("probe-v6", "::6"));
    files.put("iptables/v4.rules", rules());
    files.put("iptables/v6.rules", rules());
    return files;
  }

  /** The same, with what this host itself sends to port 80. */
  public static Map<String, String> capturingHttp(int workload) {
    Map<String, String> files = transparent(workload);
    files.put("iptables/v4.rules", rules(CAPTURE_HTTP));
    return files;
  }
}
