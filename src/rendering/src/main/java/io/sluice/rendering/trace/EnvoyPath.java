package io.sluice.rendering.trace;

import io.sluice.rendering.envoy.EnvoyResources;
import io.sluice.resources.net.HostPort;
import java.util.List;
import java.util.Optional;

/** The way of a connection through Envoy. */
public record EnvoyPath(TakingListener listener, TakingChain filterChain, List<Way> ways) {

  /** Copies the ways. */
  public EnvoyPath {
    ways = List.copyOf(ways);
  }

  /**
   * The listener that serves the connection.
   *
   * @param catchAll the listener that accepted it, when that one handed it over
   * @param why why it is this one
   */
  public record TakingListener(
      String name, HostPort address, Optional<String> catchAll, String why) {}

  /**
   * The listener's filter chain that serves the connection.
   *
   * @param name empty when it has none
   * @param why why it is this one
   */
  public record TakingChain(String name, String why) {

    /** Whether it takes what the mesh does not let pass. */
    boolean refuses() {
      return name.equals(EnvoyResources.PASSTHROUGH_OFF);
    }
  }

  /** What a filter does with what it took. */
  public sealed interface Way {

    /** Which HTTP requests go this way; none for TCP. */
    Optional<String> request();

    /**
     * It goes to a cluster.
     *
     * @param clusterType how Envoy finds the cluster's endpoints
     * @param endpoints where the cluster dials; none means that it has none
     * @param source the address that Envoy dials from; none means that the kernel chooses
     */
    record ToCluster(
        Optional<String> request,
        String cluster,
        String clusterType,
        List<String> endpoints,
        Optional<String> source)
        implements Way {

      /** Copies the endpoints. */
      public ToCluster {
        endpoints = List.copyOf(endpoints);
      }
    }

    /** Envoy answers by itself with this HTTP status. */
    record Answered(Optional<String> request, int status) implements Way {}
  }
}
