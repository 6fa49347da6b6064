package io.sluice.resources.host;

import io.sluice.resources.Resource;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.shape.Spelled;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What an agent found on the host of a dataplane and rendering needs to know. Only agents write it;
 * it goes with its dataplane.
 *
 * @param mesh the dataplane's mesh
 * @param name the dataplane's name
 * @param backend what iptables commands change there
 * @param backendsPopulated the backends in which rules stand, sorted; both means trouble
 * @param ipv6 whether the host has IPv6
 * @param sshdPorts where sshd listens, sorted; empty if there is none
 * @param dnsServers the resolvers that the host asks, in its order
 * @param resolver the DNS server that the agent can run for names of the mesh, such as {@code
 *     dnsmasq 2.90}; absent if the host has none
 * @param interfaces names of the network interfaces, sorted
 * @param addresses addresses with which others reach the host, sorted
 * @param foreign who else has rules there, such as {@code docker}, sorted
 * @param foreignRules how many rules of others there are
 * @param digest the SHA-256 of the text that the agent sent, in lower-case hex, by which both sides
 *     see whether they know the same
 */
public record HostFacts(
    String mesh,
    String name,
    Backend backend,
    List<Backend> backendsPopulated,
    boolean ipv6,
    List<Integer> sshdPorts,
    List<IpAddress> dnsServers,
    @Nullable String resolver,
    List<String> interfaces,
    List<InterfaceAddress> addresses,
    List<String> foreign,
    int foreignRules,
    String digest)
    implements Resource {

  /** The type in the store and in the history. */
  public static final String TYPE = "HostFacts";

  /** Facts that no agent has sent. */
  public HostFacts(
      String mesh,
      String name,
      Backend backend,
      List<Backend> backendsPopulated,
      boolean ipv6,
      List<Integer> sshdPorts,
      List<IpAddress> dnsServers,
      @Nullable String resolver,
      List<String> interfaces,
      List<InterfaceAddress> addresses,
      List<String> foreign,
      int foreignRules) {
    this(
        mesh,
        name,
        backend,
        backendsPopulated,
        ipv6,
        sshdPorts,
        dnsServers,
        resolver,
        interfaces,
        addresses,
        foreign,
        foreignRules,
        "");
  }

  /** Copies the lists. */
  public HostFacts {
    backendsPopulated = List.copyOf(backendsPopulated);
    sshdPorts = List.copyOf(sshdPorts);
    dnsServers = List.copyOf(dnsServers);
    interfaces = List.copyOf(interfaces);
    addresses = List.copyOf(addresses);
    foreign = List.copyOf(foreign);
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public SortedMap<String, String> labels() {
    return Collections.emptySortedMap();
  }

  /** Which of the kernel's two packet filters the {@code iptables} commands change. */
  public enum Backend {
    @Spelled("nf_tables")
    NF_TABLES,
    @Spelled("legacy")
    LEGACY;

    /** The name as iptables itself shows it. */
    public String text() {
      return switch (this) {
        case NF_TABLES -> "nf_tables";
        case LEGACY -> "legacy";
      };
    }
  }
}
