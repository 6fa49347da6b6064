package io.sluice.acceptance.topology;

import io.sluice.acceptance.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Hosts on one network: each is a namespace with an interface {@code eth0}, joined by a bridge that
 * has a namespace of its own, so that nothing of it is seen in the machine's own network.
 */
public final class Topology implements AutoCloseable {

  private static final String IPV4 = "10.119.249.";
  private static final String IPV6 = "fd00:119:249::";
  private static final int GATEWAY = 1;

  private final RunFolder run;
  private final NetworkNamespace network;
  private final Deque<NetworkNamespace> namespaces = new ArrayDeque<>();

  /** A network without hosts. */
  public Topology(RunFolder run) {
    this.run = run;
    this.network = add("network");
    ip("-n", network.name(), "link", "add", "br0", "type", "bridge");
    address(network, "br0", GATEWAY);
  }

  /**
   * Adds a host.
   *
   * @param number the last part of its addresses, 2 to 254
   */
  public Host host(String name, int number) {
    NetworkNamespace namespace = add(name);
    String port = "to-" + number;
    ip(
        "link",
        "add",
        "eth0",
        "netns",
        namespace.name(),
        "type",
        "veth",
        "peer",
        "name",
        port,
        "netns",
        network.name());
    ip("-n", network.name(), "link", "set", port, "master", "br0", "up");
    address(namespace, "eth0", number);
    // Nothing forwards there, but a connection to an address elsewhere has a route to be sent on.
    ip("-n", namespace.name(), "route", "add", "default", "via", IPV4 + GATEWAY);
    ip("-n", namespace.name(), "-6", "route", "add", "default", "via", IPV6 + GATEWAY);
    Host host =
        new Host(
            name,
            namespace,
            InetAddress.ofLiteral(IPV4 + number),
            InetAddress.ofLiteral(IPV6 + number));
    note(host);
    return host;
  }

  /** A hosts file in which each host is named, as it is added. */
  public Path names() {
    return run.path().resolve("hosts");
  }

  private void note(Host host) {
    String line = host.ipv4().getHostAddress() + " " + host.dnsName() + "\n";
    try {
      Files.writeString(names(), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Takes the network namespace of a process, such as that of a container, for one more host.
   *
   * @param pid of the process
   */
  public Host adopt(String name, long pid, InetAddress ipv4, InetAddress ipv6) {
    String full = remembered(name);
    NetworkNamespace namespace = NetworkNamespace.attach(full, pid);
    namespaces.push(namespace);
    return new Host(name, namespace, ipv4, ipv6);
  }

  private NetworkNamespace add(String name) {
    NetworkNamespace namespace = NetworkNamespace.create(remembered(name));
    namespaces.push(namespace);
    return namespace;
  }

  /** The full name of a namespace, noted before it is made. */
  private String remembered(String name) {
    String full = "sluice-" + run.id() + "-" + name;
    run.remember(full);
    return full;
  }

  private static void address(NetworkNamespace namespace, String device, int number) {
    ip("-n", namespace.name(), "addr", "add", IPV4 + number + "/24", "dev", device);
    ip("-n", namespace.name(), "addr", "add", IPV6 + number + "/64", "dev", device, "nodad");
    ip("-n", namespace.name(), "link", "set", device, "up");
  }

  private static void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Command.run(command);
  }

  /** Removes every host with what runs on it. */
  @Override
  public void close() {
    while (!namespaces.isEmpty()) {
      namespaces.pop().close();
    }
  }
}
