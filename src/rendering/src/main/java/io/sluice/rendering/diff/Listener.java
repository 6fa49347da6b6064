package io.sluice.rendering.diff;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Digest;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One of Envoy's listeners, as a bundle's file says it.
 *
 * @param address where it takes connections, with brackets around an IPv6 address
 * @param isBound whether Envoy binds it itself
 * @param cluster where its first route leads
 */
record Listener(Sort sort, String address, boolean isBound, String cluster) {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String FOLDER = "envoy/listeners/";

  enum Sort {
    INBOUND,
    OUTBOUND,
    INBOUND_CATCH_ALL,
    OUTBOUND_CATCH_ALL,
    READINESS,
    PROBE
  }

  /** The files of listeners, by path. */
  static SortedMap<String, Digest> files(Bundle bundle) {
    return bundle.files().subMap(FOLDER, FOLDER + Character.MAX_VALUE);
  }

  static Listener read(Bundle bundle, String path) {
    JsonNode tree = JSON.readTree(bundle.text(path));
    JsonNode at = tree.path("address").path("socket_address");
    JsonNode cluster = tree.findValue("cluster");
    String ip = at.path("address").asString("");
    return new Listener(
        sort(tree.path("name").asString("")),
        (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + at.path("port_value").asInt(0),
        tree.path("bind_to_port").asBoolean(true),
        cluster == null ? "" : cluster.asString(""));
  }

  private static Sort sort(String name) {
    if (name.startsWith("inbound:passthrough:")) {
      return Sort.INBOUND_CATCH_ALL;
    }
    if (name.startsWith("outbound:passthrough:")) {
      return Sort.OUTBOUND_CATCH_ALL;
    }
    if (name.startsWith("inbound:")) {
      return Sort.INBOUND;
    }
    if (name.startsWith("outbound:")) {
      return Sort.OUTBOUND;
    }
    return name.startsWith("sluice:admin") ? Sort.READINESS : Sort.PROBE;
  }
}
