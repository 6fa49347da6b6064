package io.sluice.agent.facts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * The network interfaces that have addresses of their own. Ports of bridges, which come and go with
 * containers, have none.
 *
 * @param names sorted
 * @param addresses {@code 10.0.0.5/24}, sorted; neither loopback nor link-local ones
 */
record Interfaces(Set<String> names, Set<String> addresses) {

  private static final Path IPV6 = Path.of("/proc/net/if_inet6");
  private static final Path IPV6_OFF = Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6");

  /** The address that the agent itself puts on the loopback interface. */
  private static final String OURS = "0:0:0:0:0:0:0:6";

  static Interfaces ofHost() throws SocketException {
    TreeSet<String> names = new TreeSet<>();
    TreeSet<String> addresses = new TreeSet<>();
    for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      if (network.isLoopback()) {
        names.add(network.getName());
      }
      for (InterfaceAddress address : network.getInterfaceAddresses()) {
        InetAddress ip = address.getAddress();
        String text = ip.getHostAddress().replaceFirst("%.*", "");
        if (!ip.isLoopbackAddress() && !ip.isLinkLocalAddress() && !text.equals(OURS)) {
          names.add(network.getName());
          addresses.add(text + '/' + address.getNetworkPrefixLength());
        }
      }
    }
    return new Interfaces(names, addresses);
  }

  /** Whether the kernel speaks IPv6 here. */
  static boolean hasIpv6() throws IOException {
    if (!Files.exists(IPV6)) {
      return false;
    }
    boolean off = Files.exists(IPV6_OFF) && Files.readString(IPV6_OFF).strip().equals("1");
    return !off || !Files.readString(IPV6).isBlank();
  }
}
