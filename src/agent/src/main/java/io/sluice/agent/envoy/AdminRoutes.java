package io.sluice.agent.envoy;

import io.sluice.agent.bundle.RefusedException;

/**
 * Of the admin API a listener may offer {@code /ready} and nothing else: it goes there by the
 * cluster {@code sluice:admin}, the only one that may dial the socket.
 */
final class AdminRoutes {

  static final String CLUSTER = "sluice:admin";

  private boolean used;
  private String more = "";

  /** Hears about a scalar of a listener. */
  void scalar(String field, String value) throws RefusedException {
    if (value.equals(CLUSTER)) {
      if (field.endsWith(".routes[].route.cluster")) {
        used = true;
      } else if (!field.equals("name") && !field.endsWith("virtualHosts[].name")) {
        throw new RefusedException(field + " leads to the admin API");
      }
    }
    boolean ready = field.endsWith(".routes[].match.path") && value.equals("/ready");
    boolean matches = field.contains(".routes[].match.") && !field.contains(".match.headers[]");
    if ((matches && !ready) || field.toLowerCase(java.util.Locale.ROOT).contains("rewrite")) {
      more = field + "=" + value;
    }
  }

  /** Refuses a listener that offers more. */
  void end() throws RefusedException {
    if (used && !more.isEmpty()) {
      throw new RefusedException(more + ": of the admin API only /ready may be offered");
    }
  }
}
