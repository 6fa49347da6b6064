package io.sluice.acceptance.process;

import io.sluice.acceptance.topology.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A client that resolves names as any program of a host does, by a resolv.conf. The server that it
 * names does not exist: what answers is the resolver to which the host's questions are led.
 */
public final class Curl {

  /** An address that no host has (RFC 5737). */
  public static final String NAME_SERVER = "192.0.2.53";

  private final Path resolvConf;

  /** One with its resolv.conf in a folder, which an agent of the same host may be given as well. */
  public Curl(Path folder) {
    this.resolvConf = folder.resolve("resolv.conf");
    try {
      Files.writeString(resolvConf, "nameserver " + NAME_SERVER + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The resolv.conf. */
  public Path resolvConf() {
    return resolvConf;
  }

  /**
   * Asks for a URL a number of times, each on a connection of its own.
   *
   * @param options such as {@code -6}
   * @return what was answered, without the line feed at the end
   * @throws UncheckedIOException when one of the requests fails
   */
  public List<String> get(Host from, String url, int times, String... options) {
    List<String> command =
        new ArrayList<>(
            from.namespace()
                .command(
                    "unshare",
                    "--mount",
                    "sh",
                    "-ec",
                    "mount --bind \"$0\" /etc/resolv.conf; n=$1; shift;"
                        + " while [ $n -gt 0 ]; do curl -sS -f -m 10 \"$@\"; n=$((n - 1)); done",
                    resolvConf.toString(),
                    Integer.toString(times)));
    command.addAll(List.of(options));
    command.add(url);
    return Command.run(command).lines().toList();
  }

  /** The names of the echo applications that answer. */
  public Set<String> answering(Host from, String url, int times, String... options) {
    Set<String> names = new TreeSet<>();
    for (String line : get(from, url, times, options)) {
      names.add(line.replaceFirst(": called from.*", ""));
    }
    return names;
  }
}
