package io.sluice.agent.resolver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * What a resolver answers, and where.
 *
 * @param interfaces on whose addresses it answers, besides loopback
 * @param domains of which it alone knows the names
 * @param hosts names and addresses in the form of hosts(5)
 */
record Plan(int port, List<String> interfaces, List<String> domains, String hosts) {

  private static final String FILE = "resolver.properties";

  /** The plan of a bundle; empty if it captures no questions. */
  static Optional<Plan> of(Settings settings, Generation generation)
      throws IOException, RefusedException {
    Optional<byte[]> hosts = generation.find(HostsCheck.PATH);
    if (hosts.isPresent()) {
      HostsCheck.check(hosts.get());
    }
    String names = hosts.map(content -> new String(content, UTF_8)).orElse("");
    return settings
        .dns()
        .map(dns -> new Plan(dns.port(), dns.interfaces(), settings.domains(), names));
  }

  /** The plan that a folder keeps from another run of the agent. */
  static Optional<Plan> remembered(Path folder) throws IOException {
    Properties values = new Properties();
    values.load(new StringReader(HostFiles.text(folder.resolve(FILE)).orElse("")));
    String port = values.getProperty("port", "");
    if (!port.matches("[1-9][0-9]{0,4}")) {
      return Optional.empty();
    }
    return Optional.of(
        new Plan(
            Integer.parseInt(port),
            list(values.getProperty("interfaces", "")),
            list(values.getProperty("domains", "")),
            HostFiles.text(folder.resolve(Names.HOSTS)).orElse("")));
  }

  /** Keeps where it answers and of which domains; the names are in a file of their own. */
  void remember(Path folder) throws IOException {
    String text =
        "domains=%s\ninterfaces=%s\nport=%d\n"
            .formatted(String.join(",", domains), String.join(",", interfaces), port);
    Path file = folder.resolve(FILE);
    if (!HostFiles.text(file).equals(Optional.of(text))) {
      HostFiles.replace(file, text);
    }
  }

  private static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }
}
