package io.sluice.agent.envoy;

import java.util.Map;

/** What Envoy says of the configuration it was given, at one moment. */
record Stats(Map<String, String> values) {

  private static final String LDS = "listener_manager.lds.";
  private static final String CDS = "cluster_manager.cds.";

  boolean working() {
    return number("listener_manager.workers_started") == 1;
  }

  String listenersVersion() {
    return values.getOrDefault(LDS + "version_text", "");
  }

  String clustersVersion() {
    return values.getOrDefault(CDS + "version_text", "");
  }

  long listenersTaken() {
    return number(LDS + "update_success");
  }

  long clustersTaken() {
    return number(CDS + "update_success");
  }

  long listenersRefused() {
    return number(LDS + "update_failure")
        + number(LDS + "update_rejected")
        + number("listener_manager.listener_create_failure");
  }

  long clustersRefused() {
    return number(CDS + "update_failure") + number(CDS + "update_rejected");
  }

  long endpointsTaken() {
    return sum(".update_success");
  }

  long endpointsRefused() {
    return sum(".update_failure") + sum(".update_rejected");
  }

  private long sum(String suffix) {
    return values.entrySet().stream()
        .filter(e -> e.getKey().startsWith("cluster.") && e.getKey().endsWith(suffix))
        .mapToLong(e -> number(e.getKey()))
        .sum();
  }

  private long number(String name) {
    String value = values.getOrDefault(name, "0");
    return value.matches("[0-9]{1,18}") ? Long.parseLong(value) : 0;
  }
}
