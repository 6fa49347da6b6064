package io.sluice.rendering;

import io.sluice.rendering.settings.DnsCapture;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.transparentproxy.VirtualNetwork;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
    properties.put("ip-family-mode", settings.captures(IpFamily.V6) ? "dualstack" : "ipv4");
    switch (settings.mode()) {
      case NONE -> properties.put("mode", "none");
      case IPTABLES -> {
        properties.put("mode", "iptables");
        capture(properties, settings);
      }
    }
    StringBuilder text = new StringBuilder();
    properties.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return text.toString();
  }

  private static void capture(SortedMap<String, String> properties, RedirectSettings settings) {
    properties.put("redirect.inbound.port", Integer.toString(settings.inbound().port()));
    properties.put("redirect.outbound.port", Integer.toString(settings.outbound().port()));
    properties.put(
        "on-proxy-failure",
        switch (settings.onProxyFailure()) {
          case CLOSED -> "closed";
          case OPEN -> "open";
        });
    properties.put(
        "drift",
        switch (settings.drift()) {
          case REPAIR -> "repair";
          case REPORT -> "report";
        });
    settings.dns().ifPresent(dns -> dns(properties, settings, dns));
  }

  private static void dns(
      SortedMap<String, String> properties, RedirectSettings settings, DnsCapture dns) {
    properties.put("redirect.dns.port", Integer.toString(dns.port()));
    String interfaces =
        settings.networks().stream()
            .map(VirtualNetwork::interfaceName)
            .distinct()
            .collect(Collectors.joining(","));
    if (!interfaces.isEmpty()) {
      properties.put("redirect.dns.interfaces", interfaces);
    }
  }
}
