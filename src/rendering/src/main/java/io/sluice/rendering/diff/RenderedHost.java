package io.sluice.rendering.diff;

import static java.util.Objects.requireNonNull;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Mode;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.net.PortRange;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.TransparentProxyConf;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a host is told, and what it was rendered from.
 *
 * @param facts what is known about the host
 */
public record RenderedHost(
    Mesh mesh,
    Dataplane dataplane,
    EffectiveTransparentProxy effective,
    Optional<HostFacts> facts,
    Bundle bundle) {

  boolean isTransparent() {
    return effective.mode() == Mode.IPTABLES;
  }

  TransparentProxyConf.Inbound inbound() {
    return requireNonNull(requireNonNull(effective.conf().redirect()).inbound());
  }

  TransparentProxyConf.Outbound outbound() {
    return requireNonNull(requireNonNull(effective.conf().redirect()).outbound());
  }

  boolean capturesInbound() {
    return isTransparent() && requireNonNull(inbound().enabled());
  }

  boolean capturesOutbound() {
    return isTransparent() && requireNonNull(outbound().enabled());
  }

  /** Whether the settings alone, without what is known of sshd, capture connections to a port. */
  boolean captures(int port) {
    if (!capturesInbound() || contain(inbound().protectedPorts(), port)) {
      return false;
    }
    List<PortRange> included = requireNonNull(inbound().includePorts());
    return included.isEmpty() ? !contain(inbound().excludePorts(), port) : contain(included, port);
  }

  /** Whether the host's questions for names are captured, which also takes a resolver there. */
  boolean capturesDns() {
    return agentSetting("redirect.dns.port").isPresent();
  }

  boolean capturesIpv6() {
    return bundle.file("iptables/v6.rules").isPresent();
  }

  String drainSeconds() {
    return agentSetting("drain-seconds").orElse("some");
  }

  /** One of the agent's settings. */
  private Optional<String> agentSetting(String key) {
    return bundle
        .text("agent.properties")
        .lines()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .findFirst();
  }

  private static boolean contain(@Nullable List<PortRange> ranges, int port) {
    return requireNonNull(ranges).stream().anyMatch(range -> range.contains(port));
  }
}
