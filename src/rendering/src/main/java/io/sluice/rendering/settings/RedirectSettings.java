package io.sluice.rendering.settings;

import static java.util.Objects.requireNonNull;

import io.sluice.resources.dataplane.IpFamilyMode;
import io.sluice.resources.dataplane.Mode;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.net.PortRange;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.TransparentProxyConf;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is captured on a transparent host and by whom.
 *
 * @param mode how traffic reaches the proxy; without redirection the other settings say nothing
 * @param proxyUser name or UID of the user that Envoy runs as
 */
public record RedirectSettings(
    Mode mode, IpFamilyMode ipFamilyMode, String proxyUser, Inbound inbound, Outbound outbound) {

  /** What holds for every transparent host on which nobody says otherwise. */
  public static final RedirectSettings DEFAULTS = of(Mode.IPTABLES, TransparentProxyConf.DEFAULTS);

  /**
   * What holds for a dataplane.
   *
   * @param facts what is known about its host
   */
  public static RedirectSettings of(
      EffectiveTransparentProxy effective, Optional<HostFacts> facts) {
    RedirectSettings said = of(effective.mode(), effective.conf());
    return facts
        .map(host -> said.withInbound(said.inbound.protecting(host.sshdPorts())))
        .orElse(said);
  }

  private static RedirectSettings of(Mode mode, TransparentProxyConf conf) {
    TransparentProxyConf.Redirect redirect = requireNonNull(conf.redirect());
    TransparentProxyConf.Inbound inbound = requireNonNull(redirect.inbound());
    TransparentProxyConf.Outbound outbound = requireNonNull(redirect.outbound());
    return new RedirectSettings(
        mode,
        conf.ipFamilyMode() == TransparentProxyConf.IpFamilies.IPV4
            ? IpFamilyMode.IPV4
            : IpFamilyMode.DUAL_STACK,
        requireNonNull(conf.proxyUser()),
        new Inbound(
            requireNonNull(inbound.port()),
            ports(inbound.includePorts()),
            ports(inbound.excludePorts()),
            ports(inbound.protectedPorts())),
        new Outbound(
            requireNonNull(outbound.port()),
            ports(outbound.includePorts()),
            ports(outbound.excludePorts())));
  }

  private static List<Integer> ports(@Nullable List<PortRange> ranges) {
    return requireNonNull(ranges).stream()
        .flatMapToInt(range -> IntStream.rangeClosed(range.first(), range.last()))
        .boxed()
        .toList();
  }

  private RedirectSettings withInbound(Inbound other) {
    return new RedirectSettings(mode, ipFamilyMode, proxyUser, other, outbound);
  }

  /** The address families whose traffic is captured. */
  public List<IpFamily> families() {
    return switch (ipFamilyMode) {
      case DUAL_STACK -> List.of(IpFamily.V4, IpFamily.V6);
      case IPV4 -> List.of(IpFamily.V4);
    };
  }

  /** Whether a family's traffic is captured. */
  public boolean captures(IpFamily family) {
    return families().contains(family);
  }

  /**
   * Connections that arrive at the host.
   *
   * @param port where Envoy takes them
   * @param includePorts when not empty, only these ports are captured, and {@code excludePorts}
   *     mean nothing, as in Kuma
   * @param excludePorts ports that are not captured
   * @param protectedPorts ports that are never captured, whatever else is said
   */
  public record Inbound(
      int port,
      List<Integer> includePorts,
      List<Integer> excludePorts,
      List<Integer> protectedPorts) {

    /** Sorts the lists: their order means nothing. */
    public Inbound {
      includePorts = includePorts.stream().sorted().distinct().toList();
      excludePorts = excludePorts.stream().sorted().distinct().toList();
      protectedPorts = protectedPorts.stream().sorted().distinct().toList();
    }

    Inbound protecting(List<Integer> others) {
      return new Inbound(
          port,
          includePorts,
          excludePorts,
          Stream.concat(protectedPorts.stream(), others.stream()).toList());
    }
  }

  /**
   * Connections that programs on the host open.
   *
   * @param port where Envoy takes them
   * @param includePorts when not empty, only connections to these ports are captured, and {@code
   *     excludePorts} mean nothing, as in Kuma
   * @param excludePorts connections to these ports are not captured
   */
  public record Outbound(int port, List<Integer> includePorts, List<Integer> excludePorts) {

    /** Sorts the lists: their order means nothing. */
    public Outbound {
      includePorts = includePorts.stream().sorted().distinct().toList();
      excludePorts = excludePorts.stream().sorted().distinct().toList();
    }
  }
}
