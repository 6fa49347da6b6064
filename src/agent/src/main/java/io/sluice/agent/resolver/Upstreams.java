package io.sluice.agent.resolver;

import io.sluice.agent.host.Addresses;
import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The servers that answer questions about the rest of the world, as this host knows them. A local
 * stub is replaced by the servers it asks: its own questions are captured like any program's, and
 * would come back to it.
 */
public final class Upstreams {

  /** What systemd-resolved puts into resolv.conf; resolved.conf(5). */
  private static final Set<String> RESOLVED_STUB = Set.of("127.0.0.53", "127.0.0.54");

  /** What NetworkManager puts there for the dnsmasq or systemd-resolved that it runs. */
  private static final Set<String> NETWORK_MANAGER_STUB = Set.of("127.0.0.1", "127.0.1.1");

  private final Path resolvConf;
  private final Path resolved;
  private final Path networkManager;

  /** The servers that a file in the form of resolv.conf(5) names. */
  public Upstreams(Path resolvConf) {
    this(resolvConf, Path.of("/run"));
  }

  Upstreams(Path resolvConf, Path run) {
    this.resolvConf = resolvConf;
    this.resolved = run.resolve("systemd/resolve/resolv.conf");
    this.networkManager = run.resolve("NetworkManager/no-stub-resolv.conf");
  }

  /** Their addresses, the first first; a link-local one has its interface after a percent sign. */
  public List<String> servers() throws IOException {
    List<String> servers = new ArrayList<>();
    for (String server : named(resolvConf)) {
      List<String> asked =
          RESOLVED_STUB.contains(server)
              ? named(resolved)
              : NETWORK_MANAGER_STUB.contains(server) ? named(networkManager) : List.of();
      if (asked.isEmpty() && !RESOLVED_STUB.contains(server)) {
        add(servers, server);
      }
      for (String real : asked) {
        if (!RESOLVED_STUB.contains(real)) {
          add(servers, real);
        }
      }
    }
    return servers;
  }

  /** Whether the host's programs ask systemd-resolved and nobody else. */
  public boolean leadToResolved() throws IOException {
    List<String> asked = named(resolvConf);
    return !asked.isEmpty() && RESOLVED_STUB.containsAll(asked);
  }

  /** The same without interfaces, which a rule can't name. */
  public List<String> addresses() throws IOException {
    return servers().stream().map(server -> server.replaceFirst("%.*", "")).distinct().toList();
  }

  private static void add(List<String> servers, String server) {
    if (!servers.contains(server)) {
      servers.add(server);
    }
  }

  private static List<String> named(Path file) throws IOException {
    List<String> servers = new ArrayList<>();
    for (String line : HostFiles.text(file).orElse("").split("\n", -1)) {
      String[] words = line.strip().split("[ \t]+", -1);
      if (words.length > 1 && words[0].equals("nameserver") && isServer(words[1])) {
        servers.add(words[1]);
      }
    }
    return servers;
  }

  private static boolean isServer(String text) {
    int zone = text.indexOf('%');
    String address = zone < 0 ? text : text.substring(0, zone);
    return Addresses.isLiteral(address)
        && (zone < 0 || text.substring(zone + 1).matches("[A-Za-z0-9_.-]{1,15}"));
  }
}
