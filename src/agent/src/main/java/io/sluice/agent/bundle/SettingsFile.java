package io.sluice.agent.bundle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The text of {@code agent.properties}, and all that is wrong with it. */
final class SettingsFile {

  private static final String INBOUND = "redirect.inbound.port";
  private static final String OUTBOUND = "redirect.outbound.port";
  private static final String DNS = "redirect.dns.port";
  private static final String DNS_INTERFACES = "redirect.dns.interfaces";
  private static final String DOMAINS = "dns.domains";
  private static final String ON_PROXY_FAILURE = "on-proxy-failure";
  private static final String DRIFT = "drift";

  /** What only a host has that captures traffic. */
  private static final List<String> OF_IPTABLES =
      List.of(INBOUND, OUTBOUND, DNS, DNS_INTERFACES, ON_PROXY_FAILURE, DRIFT);

  private static final Set<String> OF_ALL =
      Set.of("format", "mode", "ip-family-mode", "proxy-user", "drain-seconds", DOMAINS);
  private static final Pattern LINE =
      Pattern.compile("([a-z0-9.-]{1,64}|probe\\.[0-9a-f.:\\[\\]]{3,64})=([ -~]{0,1024})");
  private static final String PROBE = "probe.";
  private static final int MOST_PROBES = 1_000;
  private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}|[1-9][0-9]{0,8}");
  private static final Pattern INTERFACE =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,13}\\+?|\\+");

  private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
  private static final Pattern DOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

  private final TreeMap<String, String> values = new TreeMap<>();
  private final List<String> violations = new ArrayList<>();

  SettingsFile(byte[] content) {
    for (String line : new String(content, StandardCharsets.UTF_8).split("\n", -1)) {
      if (!line.isEmpty()) {
        line(line);
      }
    }
  }

  Settings settings() throws RefusedException {
    one("format", "1");
    String mode = one("mode", "iptables", "none");
    String family = one("ip-family-mode", "dualstack", "ipv4");
    int drain = number("drain-seconds", 0, 3600).orElse(0);
    String user = value("proxy-user");
    if (!USER.matcher(user).matches()) {
      violations.add("proxy-user=" + user + " is neither a user's name nor a UID above 0");
    }
    boolean captures = mode.equals("iptables");
    Set<Integer> ports = captures ? ports() : Set.of();
    Optional<Settings.Dns> dns = captures ? dns() : Optional.empty();
    String failure = captures ? one(ON_PROXY_FAILURE, "closed", "open") : "closed";
    String drift = captures ? one(DRIFT, "repair", "report") : "repair";
    List<String> domains = domains();
    SortedMap<String, ServiceProbe> probes = probes();
    if (mode.equals("none")) {
      OF_IPTABLES.stream()
          .filter(values::containsKey)
          .forEach(key -> violations.add(key + " is only for mode iptables"));
    }
    if (!violations.isEmpty()) {
      throw new RefusedException("agent.properties: " + String.join("; ", violations));
    }
    return new Settings(
        captures ? Settings.Mode.IPTABLES : Settings.Mode.NONE,
        family.equals("dualstack"),
        user,
        ports,
        drain,
        failure.equals("open") ? Settings.OnProxyFailure.OPEN : Settings.OnProxyFailure.CLOSED,
        drift.equals("report") ? Settings.Drift.REPORT : Settings.Drift.REPAIR,
        dns,
        domains,
        probes);
  }

  private void line(String line) {
    var matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      violations.add("a line is not key=value");
    } else if (!OF_ALL.contains(matcher.group(1))
        && !OF_IPTABLES.contains(matcher.group(1))
        && !matcher.group(1).startsWith(PROBE)) {
      violations.add("unknown key " + matcher.group(1));
    } else if (values.put(matcher.group(1), matcher.group(2)) != null) {
      violations.add(matcher.group(1) + " stands twice");
    }
  }

  private Set<Integer> ports() {
    Optional<Integer> inbound = number(INBOUND, 1, 65_535);
    Optional<Integer> outbound = number(OUTBOUND, 1, 65_535);
    if (inbound.isEmpty() || outbound.isEmpty()) {
      return Set.of();
    }
    if (inbound.equals(outbound)) {
      violations.add(INBOUND + " and " + OUTBOUND + " are equal");
      return Set.of();
    }
    return Set.of(inbound.get(), outbound.get());
  }

  private Optional<Settings.Dns> dns() {
    if (!values.containsKey(DNS)) {
      if (values.containsKey(DNS_INTERFACES)) {
        violations.add(DNS_INTERFACES + " is only beside " + DNS);
      }
      return Optional.empty();
    }
    Optional<Integer> port = number(DNS, 1, 65_535);
    if (port.isPresent()
        && (value(DNS).equals(value(INBOUND)) || value(DNS).equals(value(OUTBOUND)))) {
      violations.add(DNS + "=" + value(DNS) + " is a port of Envoy");
    }
    return port.map(number -> new Settings.Dns(number, interfaces()));
  }

  private List<String> interfaces() {
    if (!values.containsKey(DNS_INTERFACES)) {
      return List.of();
    }
    List<String> names = List.of(value(DNS_INTERFACES).split(",", -1));
    for (String name : names) {
      if (!INTERFACE.matcher(name).matches()) {
        violations.add(DNS_INTERFACES + ": '" + name + "' is not the name of an interface");
      }
    }
    return names;
  }

  private List<String> domains() {
    if (!values.containsKey(DOMAINS)) {
      return List.of();
    }
    List<String> names = List.of(value(DOMAINS).split(",", -1));
    for (String name : names) {
      if (!DOMAIN.matcher(name).matches()) {
        violations.add(DOMAINS + ": '" + name + "' is not a domain in lower case");
      }
    }
    return names;
  }

  private SortedMap<String, ServiceProbe> probes() {
    SortedMap<String, String> lines = values.subMap(PROBE, PROBE + Character.MAX_VALUE);
    if (lines.size() > MOST_PROBES) {
      violations.add("there are more than " + MOST_PROBES + " probes");
      return Collections.emptySortedMap();
    }
    SortedMap<String, ServiceProbe> probes = new TreeMap<>();
    lines.forEach(
        (key, value) -> {
          String listener = key.substring(PROBE.length());
          Optional<ServiceProbe> probe = ServiceProbe.parse(value);
          if (ServiceProbe.Place.parse(listener).isEmpty() || probe.isEmpty()) {
            violations.add(
                key
                    + "="
                    + value
                    + " does not say for an address:port which address:port to probe, how often in"
                    + " ms (100 to 3600000), for how many ms, and two thresholds (1 to 1000)");
          } else {
            probes.put(listener, probe.get());
          }
        });
    return probes;
  }

  private String one(String key, String... allowed) {
    String value = value(key);
    if (!List.of(allowed).contains(value)) {
      violations.add(key + "=" + value + " is not one of " + String.join(", ", allowed));
    }
    return value;
  }

  private Optional<Integer> number(String key, int min, int max) {
    String value = value(key);
    if (value.matches("0|[1-9][0-9]{0,5}")) {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return Optional.of(number);
      }
    }
    violations.add(key + "=" + value + " is not a number from " + min + " to " + max);
    return Optional.empty();
  }

  private String value(String key) {
    return values.getOrDefault(key, "");
  }
}
