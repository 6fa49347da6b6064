package io.sluice.agent;

import io.sluice.agent.resolver.Dnsmasq;
import io.sluice.agent.resolver.Upstreams;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an agent is told: by the command line, else the environment, else a configuration file. */
final class Options {

  private static final Path CONFIG = Path.of("/etc/sluice/agent.properties");

  /** With a value; all but the last few may also stand in the configuration file. */
  private static final Set<String> IN_FILE =
      Set.of(
          "control-plane",
          "ca-fingerprint",
          "token-file",
          "state-dir",
          "envoy",
          "dnsmasq",
          "resolv-conf",
          "iptables",
          "dataplane-file",
          "mesh",
          "name");

  private static final Set<String> ON_COMMAND_LINE =
      Set.of("config", "dataplane-var", "drain", "generation");
  private static final Set<String> FLAGS =
      Set.of("dry-run", "purge", "force", "json", "help", "version");

  private static final Map<String, Set<String>> OF_COMMAND =
      Map.of(
          "run", Set.of("dataplane-var"),
          "once", Set.of("dataplane-var", "dry-run"),
          "plan", Set.of("generation"),
          "boot", Set.of(),
          "status", Set.of(),
          "doctor", Set.of("json"),
          "uninstall", Set.of("dry-run", "purge", "force", "drain"),
          "setup", Set.of("dry-run"));

  private final String command;
  private final Map<String, String> values;
  private final Map<String, String> variables;
  private final Map<String, String> environment;

  private Options(
      String command,
      Map<String, String> values,
      Map<String, String> variables,
      Map<String, String> environment) {
    this.command = command;
    this.values = values;
    this.variables = variables;
    this.environment = environment;
  }

  /** Reads everything and refuses what nobody knows. */
  static Options parse(List<String> arguments, Map<String, String> environment)
      throws UsageException, IOException {
    Map<String, String> line = new TreeMap<>();
    Map<String, String> variables = new TreeMap<>();
    Deque<String> words = new ArrayDeque<>(arguments);
    String command = "";
    while (!words.isEmpty()) {
      String word = words.removeFirst();
      if (word.equals("-h")) {
        line.put("help", "");
      } else if (word.startsWith("--")) {
        option(word.substring(2), words, line, variables);
      } else if (command.isEmpty()) {
        command = word;
      } else {
        throw new UsageException("unexpected: " + word);
      }
    }
    if (!line.containsKey("help") && !line.containsKey("version")) {
      applicable(command, line, variables);
    }
    Map<String, String> values = configuration(line);
    for (String key : IN_FILE) {
      String name = "SLUICE_" + key.replace('-', '_').toUpperCase(java.util.Locale.ROOT);
      String value = environment.get(name);
      if (value != null && !value.isEmpty()) {
        values.put(key, value);
      }
    }
    values.putAll(line);
    return new Options(command, values, variables, environment);
  }

  private static void option(
      String word, Deque<String> words, Map<String, String> line, Map<String, String> variables)
      throws UsageException {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (name.equals("token")) {
      throw new UsageException(
          "a token on the command line can be read by every user of the host: use --token-file or"
              + " the environment variable SLUICE_TOKEN");
    }
    if (FLAGS.contains(name) && equals < 0) {
      line.put(name, "");
      return;
    }
    if (!IN_FILE.contains(name) && !ON_COMMAND_LINE.contains(name)) {
      throw new UsageException("unknown option --" + name);
    }
    if (equals < 0 && words.isEmpty()) {
      throw new UsageException("--" + name + " needs a value");
    }
    String value = equals < 0 ? words.removeFirst() : word.substring(equals + 1);
    if (name.equals("dataplane-var")) {
      int at = value.indexOf('=');
      if (at <= 0) {
        throw new UsageException("--dataplane-var is given as name=value, not " + value);
      }
      variables.put(value.substring(0, at), value.substring(at + 1));
    } else {
      line.put(name, value);
    }
  }

  private static void applicable(
      String command, Map<String, String> line, Map<String, String> variables)
      throws UsageException {
    Set<String> own = OF_COMMAND.get(command);
    if (own == null) {
      throw new UsageException(
          (command.isEmpty() ? "no command" : "unknown command " + command)
              + ": it is one of "
              + String.join(", ", new TreeSet<>(OF_COMMAND.keySet())));
    }
    Set<String> used = new TreeSet<>(line.keySet());
    if (!variables.isEmpty()) {
      used.add("dataplane-var");
    }
    for (String name : used) {
      boolean special =
          FLAGS.contains(name) || (ON_COMMAND_LINE.contains(name) && !name.equals("config"));
      if (special && !own.contains(name)) {
        throw new UsageException("--" + name + " is not for the command " + command);
      }
    }
  }

  private static Map<String, String> configuration(Map<String, String> line)
      throws UsageException, IOException {
    Map<String, String> values = new TreeMap<>();
    String named = line.get("config");
    Path file = named == null ? CONFIG : Path.of(named);
    if (!Files.exists(file)) {
      if (named != null) {
        throw new UsageException("there is no file " + file);
      }
      return values;
    }
    List<String> unknown = new ArrayList<>();
    for (String raw : Files.readAllLines(file)) {
      String text = raw.strip();
      int equals = text.indexOf('=');
      String key = equals < 0 ? text : text.substring(0, equals).strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      if (equals < 0 || !IN_FILE.contains(key)) {
        unknown.add(key);
      } else {
        values.put(key, text.substring(equals + 1).strip());
      }
    }
    if (!unknown.isEmpty()) {
      throw new UsageException(
          file
              + ": unknown "
              + String.join(", ", unknown)
              + "; known are "
              + String.join(", ", new TreeSet<>(IN_FILE)));
    }
    return values;
  }

  String command() {
    return command;
  }

  boolean has(String flag) {
    return values.containsKey(flag);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Path stateFolder() {
    return Path.of(values.getOrDefault("state-dir", "/var/lib/sluice-agent"));
  }

  String envoy() {
    return values.getOrDefault("envoy", "envoy");
  }

  Dnsmasq dnsmasq() {
    return new Dnsmasq(values.getOrDefault("dnsmasq", "dnsmasq"));
  }

  Upstreams upstreams() {
    return new Upstreams(Path.of(values.getOrDefault("resolv-conf", "/etc/resolv.conf")));
  }

  Map<String, String> variables() {
    return variables;
  }

  URI controlPlane() throws UsageException {
    String address = required("control-plane", "https://HOST:5678");
    try {
      URI uri = URI.create(address);
      if ("https".equals(uri.getScheme()) && uri.getHost() != null && uri.getPath().length() <= 1) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // The message below says what is wanted.
    }
    throw new UsageException(
        "--control-plane " + address + " is not of the form https://HOST:5678");
  }

  String fingerprint() throws UsageException {
    return required("ca-fingerprint", "SHA256, which the control plane prints when it starts");
  }

  /** The token, from the environment or a file. */
  String token() throws UsageException, IOException {
    String token = environment.getOrDefault("SLUICE_TOKEN", "");
    if (token.isEmpty()) {
      Path file = Path.of(required("token-file", "FILE (or the variable SLUICE_TOKEN)"));
      if (!Files.isReadable(file)) {
        throw new UsageException("the token's file " + file + " can't be read");
      }
      token = Files.readString(file).strip();
    }
    if (!token.matches("[!-~]{1,4096}")) {
      throw new UsageException("the token is empty or has characters that no token has");
    }
    return token;
  }

  private String required(String name, String form) throws UsageException {
    String value = values.get(name);
    if (value == null || value.isBlank()) {
      throw new UsageException(
          "missing --" + name + " " + form + " (also " + name + "= in " + CONFIG + ")");
    }
    return value;
  }
}
