package io.sluice.acceptance;

import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.process.Direction;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.HttpAnswer;
import io.sluice.acceptance.traffic.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * A request with its answer, and what the data path of a host saw of it.
 *
 * @param redirected connections that rules redirected
 * @param accepted connections that Envoy's listeners took
 */
public record Exchange(
    String what,
    HttpAnswer answer,
    Map<Direction, Long> redirected,
    Map<Direction, Long> accepted) {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** A request that is not made yet. */
  public record Request(Host from, InetSocketAddress to) {

    /** Makes it, on a connection of its own, and watches a host meanwhile. */
    public Exchange watching(DataPath path) throws IOException {
      Map<Direction, Long> redirected = counts(path::redirected, Map.of());
      Map<Direction, Long> accepted = counts(path::accepted, Map.of());
      HttpAnswer answer = HttpConnection.get(from, to, "/", LIMIT);
      return new Exchange(
          from + " → " + to,
          answer,
          counts(path::redirected, redirected),
          counts(path::accepted, accepted));
    }

    private static Map<Direction, Long> counts(
        ToLongFunction<Direction> counter, Map<Direction, Long> before) {
      Map<Direction, Long> counts = new EnumMap<>(Direction.class);
      for (Direction direction : Direction.values()) {
        counts.put(direction, counter.applyAsLong(direction) - before.getOrDefault(direction, 0L));
      }
      return counts;
    }
  }

  /** A request from a host. */
  public static Request request(Host from, InetSocketAddress to) {
    return new Request(from, to);
  }
}
