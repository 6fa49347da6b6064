package io.sluice.agent.facts;

import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Where the host's programs send their queries for names. */
public final class NameServers {

  /** Where programs look. */
  public static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

  /** Where systemd-resolved writes the servers that it asks itself. */
  public static final Path RESOLVED = Path.of("/run/systemd/resolve/resolv.conf");

  /** The addresses on which systemd-resolved listens. */
  private static final Set<String> STUBS = Set.of("127.0.0.53", "127.0.0.54");

  private NameServers() {}

  /**
   * The servers of {@code resolv.conf} in its order; behind systemd-resolved those that it asks.
   */
  public static List<String> ofHost() throws IOException {
    List<String> servers = in(RESOLV_CONF);
    return usesResolved(servers) ? in(RESOLVED) : servers;
  }

  /** Whether programs of this host ask systemd-resolved. */
  public static boolean usesResolved(List<String> servers) {
    return !servers.isEmpty() && STUBS.containsAll(servers);
  }

  /** The servers that a file of this form names. */
  public static List<String> in(Path file) throws IOException {
    List<String> servers = new ArrayList<>();
    for (String line : HostFiles.text(file).orElse("").split("\n", -1)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length > 1 && words[0].equals("nameserver")) {
        // A rule can't name the interface of a link-local address.
        String address = words[1].replaceFirst("%.*", "");
        if (address.matches("[0-9a-fA-F.:]{2,45}") && !servers.contains(address)) {
          servers.add(address);
        }
      }
    }
    return servers;
  }
}
