package io.sluice.rendering;

import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.settings.DnsCapture;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.dataplane.ServiceProbe;
import io.sluice.resources.transparentproxy.VirtualNetwork;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The agent's settings; docs/bundle.md lists the keys. */
final class AgentProperties {

  /** How long Envoy lets the connections of a changed or removed listener finish, as in Kuma. */
  private static final int DRAIN_SECONDS = 30;

  /** As in Kuma, where though the interval stays unset when only a timeout is declared. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int MOST_CONNECTS = 1_000;

  private AgentProperties() {}

  static String text(Networking networking, RedirectSettings settings) {
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
    networking.inbound().stream()
        .filter(Inbound::offersService)
        .forEach(inbound -> probe(properties, networking, inbound));
    StringBuilder text = new StringBuilder();
    properties.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return text.toString();
  }

  private static void probe(
      SortedMap<String, String> properties, Networking networking, Inbound inbound) {
    ServiceProbe probe = inbound.serviceProbe();
    if (probe != null) {
      properties.put(
          "probe." + networking.listener(inbound).canonical(),
          "%s %d %d %d %d"
              .formatted(
                  networking.workload(inbound).canonical(),
                  millis(probe.interval(), INTERVAL, SHORTEST_INTERVAL),
                  millis(probe.timeout(), TIMEOUT, Duration.ofMillis(1)),
                  threshold(probe.healthyThreshold()),
                  threshold(probe.unhealthyThreshold())));
    }
  }

  /** What the agent does not do so often, or for so long, is done as nearly as it does. */
  private static long millis(@Nullable Duration declared, Duration absent, Duration shortest) {
    Duration span = declared == null ? absent : declared;
    Duration bounded = span.compareTo(LONGEST) > 0 ? LONGEST : span;
    return Math.max(bounded.toMillis(), shortest.toMillis());
  }

  private static int threshold(@Nullable Integer declared) {
    return declared == null ? 1 : Math.min(declared, MOST_CONNECTS);
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
    properties.put("dns.domains", Catalogue.DOMAIN);
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
