package io.sluice.acceptance;

import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.HttpAnswer;
import io.sluice.acceptance.traffic.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request with its answer, and what the data path of a host saw of it.
 *
 * @param redirected connections that rules redirected, by the port they were redirected to
 * @param accepted connections that Envoy's listeners took, by port
 */
public record Exchange(
    String what, HttpAnswer answer, Map<Integer, Long> redirected, Map<Integer, Long> accepted) {

  /** The port of captured inbound connections. */
  public static final int INBOUND = 15006;

  /** The port of captured outbound connections. */
  public static final int OUTBOUND = 15001;

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** A request that is not made yet. */
  public record Request(Host from, InetSocketAddress to) {

    /** Makes it, on a connection of its own, and watches a host meanwhile. */
    public Exchange watching(DataPath path) throws IOException {
      Map<Integer, Long> redirects = redirects(path, Map.of());
      Map<Integer, Long> connections = connections(path, Map.of());
      HttpAnswer answer = HttpConnection.get(from, to, "/", LIMIT);
      return new Exchange(
          from + " → " + to, answer, redirects(path, redirects), connections(path, connections));
    }

    private Map<Integer, Long> redirects(DataPath path, Map<Integer, Long> before) {
      Map<Integer, Long> counts = new TreeMap<>();
      for (int port : new int[] {INBOUND, OUTBOUND}) {
        counts.put(port, path.redirectedTo(port) - before.getOrDefault(port, 0L));
      }
      return counts;
    }

    private Map<Integer, Long> connections(DataPath path, Map<Integer, Long> before) {
      Map<Integer, Long> counts = new TreeMap<>();
      for (int port : new int[] {INBOUND, OUTBOUND, to.getPort()}) {
        counts.put(port, path.connectionsOn(port) - before.getOrDefault(port, 0L));
      }
      return counts;
    }
  }

  /** A request from a host. */
  public static Request request(Host from, InetSocketAddress to) {
    return new Request(from, to);
  }
}
