package io.sluice.rendering.settings;

import io.sluice.resources.dataplane.Mode;
import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.PortRange;
import io.sluice.resources.transparentproxy.TransparentProxyConf.Drift;
import io.sluice.resources.transparentproxy.TransparentProxyConf.OnProxyFailure;
import io.sluice.resources.transparentproxy.UidExclusion;
import io.sluice.resources.transparentproxy.VirtualNetwork;
import java.util.List;
import java.util.Optional;

/**
 * What is captured on a host and by whom: nothing is left to be looked up. {@link SettingsOnHost}
 * makes it of resources and what is known of the host.
 *
 * @param mode how traffic reaches the proxy; without redirection the other settings say nothing
 * @param families the address families that are captured, in order; at least IPv4
 * @param proxyUser name or UID of the user that Envoy runs as
 * @param dropInvalidPackets whether packets that belong to no connection are dropped
 * @param dns absent when questions go their own way
 * @param networks networks of containers or virtual machines whose connections are captured
 * @param comments whether the rules on the host say why they are there
 */
public record RedirectSettings(
    Mode mode,
    List<IpFamily> families,
    String proxyUser,
    OnProxyFailure onProxyFailure,
    Drift drift,
    boolean dropInvalidPackets,
    Inbound inbound,
    Outbound outbound,
    Optional<DnsCapture> dns,
    List<VirtualNetwork> networks,
    Log log,
    Comments comments) {

  /** The ports that Envoy uses where nobody says otherwise. */
  public static final int USUAL_INBOUND_PORT = 15006;

  /** See {@link #USUAL_INBOUND_PORT}. */
  public static final int USUAL_OUTBOUND_PORT = 15001;

  /** Copies the lists. */
  public RedirectSettings {
    families = List.copyOf(families);
    networks = List.copyOf(networks);
  }

  /** Whether a family's traffic is captured. */
  public boolean captures(IpFamily family) {
    return families.contains(family);
  }

  /** The virtual networks of a family, in the order of their interfaces. */
  public List<VirtualNetwork> networks(IpFamily family) {
    return networks.stream().filter(network -> family.has(network.network())).toList();
  }

  /** The interfaces of a family's virtual networks, each once. */
  public List<String> interfaces(IpFamily family) {
    return networks(family).stream().map(VirtualNetwork::interfaceName).distinct().toList();
  }

  /** Networks of a family from which nothing is captured. */
  public List<Cidr> excludedClients(IpFamily family) {
    return inbound.excludedClients().stream().filter(family::has).toList();
  }

  /** Networks of a family to which nothing is captured. */
  public List<Cidr> excludedServers(IpFamily family) {
    return outbound.excludedServers().stream().filter(family::has).toList();
  }

  /**
   * Connections that arrive at the host.
   *
   * @param enabled whether any are captured
   * @param port where Envoy takes them
   * @param includePorts when not empty, only these ports are captured, and {@code excludePorts}
   *     mean nothing, as in Kuma
   * @param excludePorts ports that are not captured
   * @param protectedPorts ports that are never captured, whatever else is said
   * @param sshdPorts where the host's sshd listens: as protected as those
   * @param excludedClients networks from which nothing is captured
   */
  public record Inbound(
      boolean enabled,
      int port,
      List<PortRange> includePorts,
      List<PortRange> excludePorts,
      List<PortRange> protectedPorts,
      List<Integer> sshdPorts,
      List<Cidr> excludedClients,
      boolean insertedFirst) {

    /** Sorts the lists: their order means nothing. */
    public Inbound {
      includePorts = sorted(includePorts);
      excludePorts = sorted(excludePorts);
      protectedPorts = sorted(protectedPorts);
      sshdPorts = sorted(sshdPorts);
      excludedClients = sorted(excludedClients);
    }
  }

  /**
   * Connections that programs on the host open.
   *
   * @param enabled whether any are captured
   * @param port where Envoy takes them
   * @param includePorts when not empty, only connections to these ports are captured, and {@code
   *     excludePorts} mean nothing, as in Kuma
   * @param excludePorts connections to these ports are not captured
   * @param excludedServers networks to which nothing is captured, DNS neither
   * @param excludedUsers what processes of these users send to these ports is not captured
   */
  public record Outbound(
      boolean enabled,
      int port,
      List<PortRange> includePorts,
      List<PortRange> excludePorts,
      List<Cidr> excludedServers,
      List<UidExclusion> excludedUsers,
      boolean insertedFirst) {

    /** Sorts what has an order: that in which it was said means nothing. */
    public Outbound {
      includePorts = sorted(includePorts);
      excludePorts = sorted(excludePorts);
      excludedServers = sorted(excludedServers);
      excludedUsers = List.copyOf(excludedUsers);
    }
  }

  /**
   * Which connections the kernel logs.
   *
   * @param level a syslog level, 0 to 7
   */
  public record Log(boolean enabled, int level) {}

  /** What a rule's reason is on the host. */
  public enum Comments {
    WRITTEN,
    LEFT_OUT
  }

  private static <T extends Comparable<? super T>> List<T> sorted(List<T> list) {
    return list.stream().sorted().distinct().toList();
  }
}
