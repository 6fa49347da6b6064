package io.sluice.rendering;

import io.sluice.rendering.settings.RedirectSettings;
import java.util.SortedMap;
import java.util.TreeMap;

/** The agent's settings; docs/bundle.md lists the keys. */
final class AgentProperties {

  /** How long Envoy lets the connections of a changed or removed listener finish, as in Kuma. */
  private static final int DRAIN_SECONDS = 30;

  private AgentProperties() {}

  static String text(RedirectSettings settings) {
    SortedMap<String, String> properties = new TreeMap<>();
    properties.put("format", "1");
    properties.put("drain-seconds", Integer.toString(DRAIN_SECONDS));
    properties.put("proxy-user", settings.proxyUser());
    properties.put(
        "ip-family-mode",
        switch (settings.ipFamilyMode()) {
          case DUAL_STACK -> "dualstack";
          case IPV4 -> "ipv4";
        });
    switch (settings.mode()) {
      case NONE -> properties.put("mode", "none");
      case IPTABLES -> {
        properties.put("mode", "iptables");
        properties.put("redirect.inbound.port", Integer.toString(settings.inbound().port()));
        properties.put("redirect.outbound.port", Integer.toString(settings.outbound().port()));
      }
    }
    StringBuilder text = new StringBuilder();
    properties.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return text.toString();
  }
}
