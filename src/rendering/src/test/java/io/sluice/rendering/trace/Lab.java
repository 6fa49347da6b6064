package io.sluice.rendering.trace;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.host.Inside;
import io.sluice.rendering.host.PrivateHost;
import io.sluice.rendering.host.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A host with a neighbour on its network and a container behind its bridge {@code docker0}. On all
 * three, programs listen on the same ports, those of Envoy and the resolver among them, so that
 * every packet arrives somewhere and it can be told where.
 */
final class Lab implements AutoCloseable {

  static final List<Integer> TCP_PORTS =
      List.of(
          22, 53, 80, 443, 2222, 5000, 8080, 8081, 9000, 15001, 15006, 15009, 15053, 16001, 16006,
          16053);
  static final List<Integer> UDP_PORTS = List.of(53, 8080, 15053, 16053);

  /**
   * The addresses of each host but those of its loopback; the first of a family is the main one.
   */
  static final Map<String, List<String>> ADDRESSES =
      Map.of(
          "host", List.of("10.77.0.2", "10.77.0.3", "fd77::2", "172.30.0.1", "fd30::1"),
          "peer", List.of("10.77.0.9", "10.88.0.9", "fd77::9", "fd88::9"),
          "container", List.of("172.30.0.2", "fd30::2"));

  /** Without it, an interface's own IPv6 address is not used for the first seconds. */
  private static final String NO_WAITING =
      """
      echo 0 > /proc/sys/net/ipv6/conf/all/accept_dad
      echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad
      """;

  private static final String FORWARDING =
      """
      echo 1 > /proc/sys/net/ipv4/ip_forward
      echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
      """;

  private final Path folder;
  private final String backend;
  private final PrivateHost host;
  private final PrivateHost peer;
  private final PrivateHost container;
  private final Map<String, Inside> inside;
  private final List<Listening> listening;
  private final BlockingQueue<Listening.Datagram> datagrams = new LinkedBlockingQueue<>();

  /**
   * A laboratory.
   *
   * @param backend as the programs of iptables have it in their names: nft or legacy
   */
  Lab(Path folder, String backend) {
    this.folder = folder;
    this.backend = backend;
    host = new PrivateHost(made("host"));
    peer = new PrivateHost(made("peer"));
    container = new PrivateHost(made("container"));
    for (PrivateHost each : List.of(host, peer, container)) {
      assertThat(each.run(NO_WAITING)).isEqualTo(new Program.Result(0, ""));
    }
    String network = network(host.namespace(), peer.namespace(), container.namespace());
    assertThat(Program.run(folder, List.of("sh", "-c", network)))
        .isEqualTo(new Program.Result(0, ""));
    assertThat(host.run(FORWARDING)).isEqualTo(new Program.Result(0, ""));
    inside =
        Map.of(
            "host", new Inside(host), "peer", new Inside(peer), "container", new Inside(container));
    listening =
        inside.entrySet().stream()
            .map(
                each ->
                    new Listening(each.getKey(), each.getValue(), TCP_PORTS, UDP_PORTS, datagrams))
            .toList();
  }

  /** Takes all rules away that the host has, and loads these. */
  void load(String v4, String v6) {
    write("v4", v4);
    write("v6", v6);
    StringBuilder script = new StringBuilder(clean("iptables")).append(clean("ip6tables"));
    script.append("iptables-%1$s-restore --noflush v4\n");
    script.append("ip6tables-%1$s-restore --noflush v6\n");
    assertThat(host.run(script.toString().formatted(backend)))
        .as("rules\n%s\n%s", v4, v6)
        .isEqualTo(new Program.Result(0, ""));
  }

  /** Takes all rules away that the host has. */
  void clear() {
    String script = clean("iptables") + clean("ip6tables");
    assertThat(host.run(script.formatted(backend))).isEqualTo(new Program.Result(0, ""));
  }

  /** The host that has an address. */
  static String owner(String address) {
    return ADDRESSES.entrySet().stream()
        .filter(host -> host.getValue().contains(address))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("host");
  }

  Inside inside(String name) {
    return requireNonNull(inside.get(name), name);
  }

  BlockingQueue<Listening.Datagram> datagrams() {
    return datagrams;
  }

  @Override
  public void close() {
    listening.forEach(Listening::close);
    inside.values().forEach(Inside::close);
    container.close();
    peer.close();
    host.close();
  }

  private static String network(String host, String peer, String container) {
    return """
        set -e
        ip link add eth0 netns %1$s type veth peer name eth0 netns %2$s
        ip -n %1$s link add docker0 type bridge
        ip link add to-container netns %1$s type veth peer name eth0 netns %3$s
        ip -n %1$s link set to-container master docker0 up
        for address in 10.77.0.2/24 10.77.0.3/24; do ip -n %1$s addr add $address dev eth0; done
        ip -n %1$s addr add fd77::2/64 dev eth0 nodad
        ip -n %1$s addr add 172.30.0.1/24 dev docker0
        ip -n %1$s addr add fd30::1/64 dev docker0 nodad
        ip -n %1$s addr add ::6/128 dev lo
        for address in 10.77.0.9/24 10.88.0.9/24; do ip -n %2$s addr add $address dev eth0; done
        for address in fd77::9/64 fd88::9/64; do ip -n %2$s addr add $address dev eth0 nodad; done
        ip -n %3$s addr add 172.30.0.2/24 dev eth0
        ip -n %3$s addr add fd30::2/64 dev eth0 nodad
        for host in %1$s %2$s %3$s; do ip -n $host link set eth0 up; done
        ip -n %1$s link set docker0 up
        ip -n %1$s route add default via 10.77.0.9
        ip -n %1$s -6 route add default via fd77::9
        ip -n %2$s route add default via 10.77.0.2
        ip -n %2$s -6 route add default via fd77::2
        ip -n %3$s route add default via 172.30.0.1
        ip -n %3$s -6 route add default via fd30::1
        """
        .formatted(host, peer, container);
  }

  private static String clean(String program) {
    return """
        for table in raw mangle nat; do
          %1$s-%%1$s --table $table --flush
          %1$s-%%1$s --table $table --delete-chain
        done
        """
        .formatted(program);
  }

  private Path made(String name) {
    try {
      return Files.createDirectory(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, String rules) {
    try {
      Files.writeString(folder.resolve("host").resolve(name), rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
