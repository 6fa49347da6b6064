package io.sluice.agent.facts;

import io.sluice.agent.host.Command;
import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ports by which operators reach this host: what sshd is configured for, what systemd listens
 * on for it, and where it is seen to listen. Rather one too many than one too few: captured, it
 * would lock them out.
 */
final class SshPorts {

  private static final Path CONFIG = Path.of("/etc/ssh/sshd_config");
  private static final Set<String> DAEMONS = Set.of("sshd", "dropbear");
  private static final int USUAL = 22;
  private static final int DEEPEST_INCLUDE = 8;
  private static final List<String> SOCKET_UNITS = List.of("ssh.socket", "sshd.socket");
  private static final List<String> UNIT_FOLDERS =
      List.of(
          "/etc/systemd/system",
          "/run/systemd/system",
          "/run/systemd/generator",
          "/usr/lib/systemd/system",
          "/lib/systemd/system");
  private static final Pattern SETTING =
      Pattern.compile("\\s*(\\w+)(?:\\s*=\\s*|\\s+)\"?([^\"#]*?)\"?\\s*(?:#.*)?");
  private static final Pattern WITH_PORT = Pattern.compile("(?:.*\\]|[^:]*):([0-9]{1,5})");

  private Map<Path, Long> files = Map.of();
  private Set<Integer> configured = Set.of();

  /** The ports, sorted; none when the host has no sshd. */
  Set<Integer> find() throws IOException {
    if (!files.equals(times(files.keySet())) || !files.containsKey(CONFIG)) {
      read();
    }
    TreeSet<Integer> ports = new TreeSet<>(configured);
    ports.addAll(ListeningSockets.of(DAEMONS::contains).keySet());
    return ports;
  }

  private void read() throws IOException {
    TreeSet<Integer> ports = new TreeSet<>();
    TreeSet<Path> seen = new TreeSet<>(Set.of(CONFIG));
    if (Files.exists(CONFIG)) {
      config(CONFIG, ports, seen, 0);
      effective(ports);
      if (ports.isEmpty()) {
        ports.add(USUAL);
      }
    }
    socketUnits(ports, seen);
    configured = ports;
    files = times(seen);
  }

  private static void config(Path file, Collection<Integer> ports, Set<Path> seen, int depth)
      throws IOException {
    seen.add(file);
    if (!Files.isReadable(file) || depth > DEEPEST_INCLUDE) {
      return;
    }
    for (String line : Files.readAllLines(file, java.nio.charset.StandardCharsets.ISO_8859_1)) {
      Matcher setting = SETTING.matcher(line);
      if (!setting.matches()) {
        continue;
      }
      String value = setting.group(2);
      switch (setting.group(1).toLowerCase(Locale.ROOT)) {
        case "port" -> port(value, ports);
        case "listenaddress" -> {
          Matcher address = WITH_PORT.matcher(value.split("\\s", 2)[0]);
          // An IPv6 address without brackets has colons, and no port.
          if (address.matches()) {
            port(address.group(1), ports);
          }
        }
        case "include" -> {
          for (String pattern : value.split("\\s+", -1)) {
            for (Path included : matching(pattern, seen)) {
              config(included, ports, seen, depth + 1);
            }
          }
        }
        case "match" -> {
          // What follows is about some connections only, and ports can't stand there.
          return;
        }
        default -> {
          // It says nothing about ports.
        }
      }
    }
  }

  private static List<Path> matching(String pattern, Set<Path> seen) throws IOException {
    Path path = Path.of("/etc/ssh").resolve(pattern);
    Path folder = path.getParent();
    List<Path> found = new ArrayList<>();
    if (folder == null || pattern.isBlank() || !Files.isDirectory(folder)) {
      return found;
    }
    seen.add(folder);
    var matcher = FileSystems.getDefault().getPathMatcher("glob:" + path);
    try (var entries = Files.list(folder)) {
      entries.filter(matcher::matches).sorted().forEach(found::add);
    }
    return found;
  }

  /** What sshd itself makes of its configuration, if it can say so. */
  private static void effective(Collection<Integer> ports) throws IOException {
    if (!Command.exists("sshd")) {
      return;
    }
    // sshd insists on being called by its whole path.
    for (String folder : List.of("/usr/sbin", "/usr/local/sbin", "/usr/bin")) {
      if (Files.isExecutable(Path.of(folder, "sshd"))) {
        for (String line : Command.run(List.of(folder + "/sshd", "-T")).out().split("\n", -1)) {
          if (line.startsWith("port ")) {
            port(line.substring(5), ports);
          }
        }
        return;
      }
    }
  }

  /** Where systemd listens for sshd. */
  private static void socketUnits(Collection<Integer> ports, Set<Path> seen) throws IOException {
    for (String unit : SOCKET_UNITS) {
      Path wanted = Path.of("/etc/systemd/system/sockets.target.wants", unit);
      seen.add(wanted);
      if (!Files.exists(wanted)) {
        continue;
      }
      List<Path> parts = new ArrayList<>(List.of(wanted));
      for (String folder : UNIT_FOLDERS) {
        Path more = Path.of(folder, unit + ".d");
        seen.add(more);
        if (Files.isDirectory(more)) {
          try (var entries = Files.list(more)) {
            entries.filter(file -> file.toString().endsWith(".conf")).forEach(parts::add);
          }
        }
      }
      for (Path part : parts) {
        seen.add(part);
        for (String line : HostFiles.text(part).orElse("").split("\n", -1)) {
          Matcher setting = SETTING.matcher(line);
          if (setting.matches() && setting.group(1).equals("ListenStream")) {
            String value = setting.group(2);
            port(value.substring(value.lastIndexOf(':') + 1), ports);
          }
        }
      }
    }
  }

  private static void port(String text, Collection<Integer> ports) {
    String digits = text.strip();
    if (digits.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(digits);
      if (port > 0 && port < 65_536) {
        ports.add(port);
      }
    }
  }

  private static Map<Path, Long> times(Collection<Path> paths) throws IOException {
    Map<Path, Long> times = new HashMap<>();
    for (Path path : paths) {
      times.put(path, Files.exists(path) ? Files.getLastModifiedTime(path).toMillis() : 0L);
    }
    return times;
  }
}
