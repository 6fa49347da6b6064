package io.sluice.agent.envoy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Envoy's admin API on its Unix socket. The proxy answers, so answers are bounded. */
final class AdminSocket {

  /** Relative to the state folder, as the bootstrap has it. */
  static final String PATH = "run/envoy-admin.sock";

  private static final int ANSWER_BYTES = 32 << 20;
  // Without those that were never used Envoy looks through a tenth, and those we miss are 0.
  private static final String STATS =
      "/stats?usedonly&filter=%5E(listener_manager%5C.(lds%5C.(version_text%7Cupdate_)"
          + "%7Clistener_create_failure%7Cworkers_started)"
          + "%7Ccluster_manager%5C.cds%5C.(version_text%7Cupdate_)"
          + "%7Ccluster%5C..*%5C.update_(success%7Cfailure%7Crejected))";

  private final Path socket;

  AdminSocket(Path state) {
    this.socket = state.resolve(PATH);
  }

  /** The statistics by name that tell what became of the live folder. */
  Map<String, String> stats() throws IOException {
    return lines(request("GET", STATS));
  }

  /** Whether its workers accept connections. */
  boolean ready() throws IOException {
    return request("GET", "/ready").contains("LIVE");
  }

  /**
   * Which versions of endpoints clusters have taken, by their names in statistics.
   *
   * @param clusters of these names; of all if there are none
   */
  Map<String, String> endpointVersions(Collection<String> clusters) throws IOException {
    return endpoints(
        lines(request("GET", "/stats?type=TextReadouts&filter=" + regex(clusters, "version_text"))),
        "version_text");
  }

  /**
   * How many endpoints these clusters have refused so far.
   *
   * @param clusters of these names; of all if there are none
   */
  long endpointsRefused(Collection<String> clusters) throws IOException {
    String filter = regex(clusters, "update_(failure|rejected)");
    long sum = 0;
    for (String value :
        lines(request("GET", "/stats?type=Counters&usedonly&filter=" + filter)).values()) {
      sum += value.matches("[0-9]{1,18}") ? Long.parseLong(value) : 0;
    }
    return sum;
  }

  private static String regex(Collection<String> clusters, String statistic) {
    String names =
        clusters.isEmpty()
            ? ".*"
            : clusters.stream()
                .map(name -> name.replaceAll("[^A-Za-z0-9_]", "\\\\$0"))
                .collect(Collectors.joining("|", "(", ")"));
    return URLEncoder.encode(
        "^cluster\\." + names + "\\." + statistic + "$", StandardCharsets.UTF_8);
  }

  private static Map<String, String> endpoints(Map<String, String> values, String statistic) {
    Map<String, String> byCluster = new HashMap<>();
    values.forEach(
        (name, value) ->
            byCluster.put(
                name.substring("cluster.".length(), name.length() - statistic.length() - 1),
                value));
    return byCluster;
  }

  /** How often the Envoy that answers was restarted while it served. */
  int epoch() throws IOException {
    String epoch =
        lines(request("GET", "/stats?filter=%5Eserver%5C.hot_restart_generation%24"))
            .getOrDefault("server.hot_restart_generation", "0");
    // The statistic counts from 1, the restart epoch from 0.
    return epoch.matches("[0-9]{1,6}") ? Integer.parseInt(epoch) - 1 : -1;
  }

  /** Connections of clients that Envoy holds. */
  long connections() throws IOException {
    long sum = 0;
    String answer =
        request("GET", "/stats?filter=%5Elistener%5C.%5B%5Ea%5D.*downstream_cx_active%24");
    for (String value : lines(answer).values()) {
      sum += value.matches("[0-9]{1,18}") ? Long.parseLong(value) : 0;
    }
    return sum;
  }

  void drain() throws IOException {
    request("POST", "/drain_listeners?graceful&skip_exit");
  }

  private static Map<String, String> lines(String answer) {
    Map<String, String> values = new HashMap<>();
    for (String line : answer.split("\n", -1)) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        values.put(line.substring(0, colon), line.substring(colon + 2).replace("\"", ""));
      }
    }
    return values;
  }

  private String request(String method, String target) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      String head =
          method
              + ' '
              + target
              + " HTTP/1.1\r\nHost: envoy\r\nConnection: close\r\n"
              + "Content-Length: 0\r\n\r\n";
      channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
      return answer(channel);
    }
  }

  private static String answer(SocketChannel channel) throws IOException {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(16_384);
    channel.configureBlocking(false);
    long end = System.nanoTime() + 5_000_000_000L;
    try (var selector = channel.provider().openSelector()) {
      channel.register(selector, java.nio.channels.SelectionKey.OP_READ);
      while (true) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0 || all.size() > ANSWER_BYTES) {
          throw new IOException("Envoy's admin API does not answer in bounds");
        }
        selector.select(left);
        selector.selectedKeys().clear();
        int n = channel.read(buffer.clear());
        if (n < 0) {
          break;
        }
        all.write(buffer.array(), 0, n);
      }
    }
    String text = all.toString(StandardCharsets.UTF_8);
    int body = text.indexOf("\r\n\r\n");
    if (body < 0 || !text.startsWith("HTTP/1.1 200")) {
      throw new IOException("Envoy's admin API answered with an error");
    }
    return text.substring(body + 4);
  }
}
