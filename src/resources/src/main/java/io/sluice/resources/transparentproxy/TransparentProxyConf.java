package io.sluice.resources.transparentproxy;

import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.PortRange;
import io.sluice.resources.shape.RecordMerge;
import io.sluice.resources.shape.Spelled;
import io.sluice.resources.shape.ZeroIsValue;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one resource says about capturing traffic. Everything may be absent; an empty list, a zero
 * and {@code false} are values. The meaning of each field is Kuma's unless it says otherwise;
 * docs/resources.md has them all.
 *
 * @param proxyUser name or UID of the user that Envoy runs as
 * @param dropInvalidPackets whether packets that conntrack can't place are dropped
 */
public record TransparentProxyConf(
    @Nullable CaptureMode mode,
    @Nullable IpFamilies ipFamilyMode,
    @Spelled({"proxyUser", "kumaDPUser"}) @Nullable String proxyUser,
    @Nullable OnProxyFailure onProxyFailure,
    @Nullable Drift drift,
    @Nullable Boolean dropInvalidPackets,
    @Nullable Redirect redirect,
    @Nullable Log log,
    @Nullable Comments comments) {

  /** A conf that says nothing. */
  public static final TransparentProxyConf NOTHING =
      new TransparentProxyConf(null, null, null, null, null, null, null, null, null);

  /** What holds where nobody says otherwise: everything but the mode, which has no default here. */
  public static final TransparentProxyConf DEFAULTS =
      new TransparentProxyConf(
          null,
          IpFamilies.DUAL_STACK,
          "sluice-proxy",
          OnProxyFailure.CLOSED,
          Drift.REPAIR,
          false,
          new Redirect(
              new Inbound(
                  true, 15006, List.of(), List.of(), List.of(PortRange.of(22)), List.of(), false),
              new Outbound(true, 15001, List.of(), List.of(), List.of(), List.of(), false),
              new Dns(true, 15053, true, false, "/etc/resolv.conf"),
              new Vnet(List.of())),
          new Log(false, 7),
          new Comments(false));

  /** What it says of how traffic reaches the proxy and on which ports, by path. */
  public SortedMap<String, JsonNode> capture() {
    SortedMap<String, JsonNode> said = new TreeMap<>(RecordMerge.leaves(this));
    said.keySet().removeIf(path -> !path.equals("mode") && !path.endsWith(".port"));
    return said;
  }

  /** How traffic gets to the proxy. */
  public enum CaptureMode {
    /** iptables redirects it. */
    @Spelled("iptables")
    IPTABLES,
    /** eBPF programs hand it over. Until the agent has them, iptables redirects it. */
    @Spelled("ebpf")
    EBPF,
    /** Not at all: Envoy binds the listeners. */
    @Spelled("none")
    NONE
  }

  /** The address families that are captured. */
  public enum IpFamilies {
    @Spelled({"dualstack", "DualStack"})
    DUAL_STACK,
    @Spelled({"ipv4", "IPv4"})
    IPV4
  }

  /** What becomes of captured traffic while the proxy does not listen. */
  public enum OnProxyFailure {
    /** It stays captured, so nothing passes. */
    @Spelled("closed")
    CLOSED,
    /** It passes without the proxy. */
    @Spelled("open")
    OPEN
  }

  /** What the agent does when another program changed our rules. */
  public enum Drift {
    @Spelled("repair")
    REPAIR,
    @Spelled("report")
    REPORT
  }

  /** What is captured and where it goes. */
  public record Redirect(
      @Nullable Inbound inbound,
      @Nullable Outbound outbound,
      @Nullable Dns dns,
      @Nullable Vnet vnet) {}

  /**
   * Connections that arrive at the host.
   *
   * @param port where Envoy takes them
   * @param includePorts when not empty, only these ports are captured, and {@code excludePorts}
   *     mean nothing
   * @param excludePorts ports that are not captured
   * @param protectedPorts ports that are never captured, whatever else is said
   * @param excludePortsForIPs clients whose connections are not captured
   * @param insertRedirectInsteadOfAppend whether our jump goes before the rules of others
   */
  public record Inbound(
      @Nullable Boolean enabled,
      @ZeroIsValue @Nullable Integer port,
      @Nullable List<PortRange> includePorts,
      @Nullable List<PortRange> excludePorts,
      @Nullable List<PortRange> protectedPorts,
      @Nullable List<Cidr> excludePortsForIPs,
      @Nullable Boolean insertRedirectInsteadOfAppend) {}

  /**
   * Connections that programs on the host open.
   *
   * @param port where Envoy takes them
   * @param includePorts when not empty, only connections to these ports are captured, and {@code
   *     excludePorts} mean nothing
   * @param excludePorts connections to these ports are not captured
   * @param excludePortsForIPs connections to these addresses are not captured
   * @param excludePortsForUIDs connections of these users are not captured
   * @param insertRedirectInsteadOfAppend whether our jump goes before the rules of others
   */
  public record Outbound(
      @Nullable Boolean enabled,
      @ZeroIsValue @Nullable Integer port,
      @Nullable List<PortRange> includePorts,
      @Nullable List<PortRange> excludePorts,
      @Nullable List<Cidr> excludePortsForIPs,
      @Nullable List<UidExclusion> excludePortsForUIDs,
      @Nullable Boolean insertRedirectInsteadOfAppend) {}

  /**
   * DNS queries of programs on the host.
   *
   * @param port where the proxy's resolver takes them
   * @param captureAll all queries, or only those to the servers that the host's file names
   * @param skipConntrackZoneSplit whether the zones that keep our own queries apart are left out
   * @param resolvConfigPath the file on the host that names its servers
   */
  public record Dns(
      @Nullable Boolean enabled,
      @ZeroIsValue @Nullable Integer port,
      @Nullable Boolean captureAll,
      @Nullable Boolean skipConntrackZoneSplit,
      @Nullable String resolvConfigPath) {}

  /** Networks of containers or virtual machines on the host whose traffic is captured too. */
  public record Vnet(@Nullable List<VirtualNetwork> networks) {}

  /**
   * Whether the kernel logs what it redirects.
   *
   * @param level syslog's, from 0 to 7
   */
  public record Log(@Nullable Boolean enabled, @ZeroIsValue @Nullable Integer level) {}

  /** Whether rules stand without the comments that say why. */
  public record Comments(@Nullable Boolean disabled) {}
}
