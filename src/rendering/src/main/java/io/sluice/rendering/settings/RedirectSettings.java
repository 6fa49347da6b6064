package io.sluice.rendering.settings;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.IpFamilyMode;
import io.sluice.resources.dataplane.TransparentProxying;
import java.util.List;

/**
 * What is captured on a transparent host and by whom.
 *
 * @param proxyUser name or UID of the user that Envoy runs as
 */
public record RedirectSettings(
    IpFamilyMode ipFamilyMode, String proxyUser, Inbound inbound, Outbound outbound) {

  /** What holds for every host on which nobody says otherwise. */
  public static final RedirectSettings DEFAULTS =
      new RedirectSettings(
          IpFamilyMode.DUAL_STACK,
          "sluice-proxy",
          new Inbound(15006, List.of(), List.of(), List.of(22)),
          new Outbound(15001, List.of(), List.of()));

  /** The defaults under what the dataplane itself says: its redirect ports and its IP families. */
  public static RedirectSettings of(Dataplane dataplane) {
    TransparentProxying own = dataplane.networking().transparentProxying();
    if (own == null) {
      return DEFAULTS;
    }
    Integer inboundPort = own.redirectPortInbound();
    Integer outboundPort = own.redirectPortOutbound();
    return new RedirectSettings(
        own.ipFamilyMode(),
        DEFAULTS.proxyUser,
        inboundPort == null ? DEFAULTS.inbound : DEFAULTS.inbound.withPort(inboundPort),
        outboundPort == null ? DEFAULTS.outbound : DEFAULTS.outbound.withPort(outboundPort));
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

    Inbound withPort(int other) {
      return new Inbound(other, includePorts, excludePorts, protectedPorts);
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

    Outbound withPort(int other) {
      return new Outbound(other, includePorts, excludePorts);
    }
  }
}
