package io.sluice.rendering.diff;

import io.sluice.rendering.bundle.Bundle;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
  private static final Pattern FILE = Pattern.compile("(envoy|mesh)/listeners/.*");

  enum Sort {
    INBOUND,
    OUTBOUND,
    VIRTUAL,
    DIRECT,
    INBOUND_CATCH_ALL,
    OUTBOUND_CATCH_ALL,
    READINESS,
    PROBE
  }

  /** The files of listeners among some. */
  static SortedSet<String> among(SortedSet<String> paths) {
    return paths.stream()
        .filter(path -> FILE.matcher(path).matches())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Listener read(Bundle bundle, String path) {
    JsonNode tree = JSON.readTree(bundle.text(path));
    boolean bound = tree.path("bind_to_port").asBoolean(true);
    JsonNode at = tree.path("address").path("socket_address");
    JsonNode cluster = tree.findValue("cluster");
    String ip = at.path("address").asString("");
    return new Listener(
        sort(tree.path("name").asString(""), bound),
        (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + at.path("port_value").asInt(0),
        bound,
        cluster == null ? "" : cluster.asString(""));
  }

  private static Sort sort(String name, boolean bound) {
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
      return bound ? Sort.OUTBOUND : Sort.VIRTUAL;
    }
    if (name.startsWith("direct_access_")) {
      return Sort.DIRECT;
    }
    return name.startsWith("sluice:admin") ? Sort.READINESS : Sort.PROBE;
  }
}
