package io.sluice.agent.bundle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A bundle's {@code agent.properties}, a closed set.
 *
 * @param drainSeconds how long Envoy lets connections of removed listeners finish
 * @param redirectPorts where rules may redirect to; empty in mode none
 */
public record Settings(
    Mode mode, boolean ipv6, String proxyUser, Set<Integer> redirectPorts, int drainSeconds) {

  /** Whether traffic is captured. */
  public enum Mode {
    /** Rules redirect traffic to Envoy. */
    IPTABLES,
    /** Envoy binds the addresses that applications use. */
    NONE;

    /** As the bundle and the status spell it. */
    public String text() {
      return this == IPTABLES ? "iptables" : "none";
    }
  }

  /** Whether traffic is captured to the same ports. */
  public boolean capturesAs(Settings other) {
    return mode == other.mode && redirectPorts.equals(other.redirectPorts);
  }

  private static final Set<String> KEYS =
      Set.of(
          "format",
          "mode",
          "ip-family-mode",
          "proxy-user",
          "redirect.inbound.port",
          "redirect.outbound.port",
          "drain-seconds");
  private static final Pattern LINE = Pattern.compile("([a-z0-9.-]{1,64})=([ -~]{0,256})");
  private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}|[1-9][0-9]{0,8}");

  /**
   * Reads the settings.
   *
   * @throws RefusedException that names every violation at once
   */
  public static Settings parse(byte[] content) throws RefusedException {
    List<String> violations = new ArrayList<>();
    TreeMap<String, String> values = lines(content, violations);
    one(values, "format", List.of("1"), violations);
    String mode = one(values, "mode", List.of("iptables", "none"), violations);
    String family = one(values, "ip-family-mode", List.of("dualstack", "ipv4"), violations);
    String user = values.getOrDefault("proxy-user", "");
    if (!USER.matcher(user).matches()) {
      violations.add("proxy-user=" + user + " is neither a user's name nor a UID above 0");
    }
    int drain = number(values, "drain-seconds", 0, 3600, violations).orElse(0);
    Optional<Integer> inbound = Optional.empty();
    Optional<Integer> outbound = Optional.empty();
    if (mode.equals("iptables")) {
      inbound = number(values, "redirect.inbound.port", 1, 65_535, violations);
      outbound = number(values, "redirect.outbound.port", 1, 65_535, violations);
      if (inbound.isPresent() && inbound.equals(outbound)) {
        violations.add("redirect.inbound.port and redirect.outbound.port are equal");
      }
    } else {
      for (String key : List.of("redirect.inbound.port", "redirect.outbound.port")) {
        if (values.containsKey(key)) {
          violations.add(key + " is only for mode iptables");
        }
      }
    }
    if (!violations.isEmpty()) {
      throw new RefusedException("agent.properties: " + String.join("; ", violations));
    }
    Set<Integer> ports =
        mode.equals("iptables")
            ? Set.of(inbound.orElseThrow(), outbound.orElseThrow())
            : Set.<Integer>of();
    return new Settings(
        mode.equals("iptables") ? Mode.IPTABLES : Mode.NONE,
        family.equals("dualstack"),
        user,
        ports,
        drain);
  }

  private static TreeMap<String, String> lines(byte[] content, Collection<String> violations) {
    TreeMap<String, String> values = new TreeMap<>();
    String text = new String(content, StandardCharsets.UTF_8);
    for (String line : text.split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      var matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        violations.add("a line is not key=value");
      } else if (!KEYS.contains(matcher.group(1))) {
        violations.add("unknown key " + matcher.group(1));
      } else if (values.put(matcher.group(1), matcher.group(2)) != null) {
        violations.add(matcher.group(1) + " stands twice");
      }
    }
    return values;
  }

  private static String one(
      TreeMap<String, String> values,
      String key,
      List<String> allowed,
      Collection<String> violations) {
    String value = values.getOrDefault(key, "");
    if (!allowed.contains(value)) {
      violations.add(key + "=" + value + " is not one of " + String.join(", ", allowed));
    }
    return value;
  }

  private static Optional<Integer> number(
      TreeMap<String, String> values, String key, int min, int max, Collection<String> violations) {
    String value = values.getOrDefault(key, "");
    if (value.matches("0|[1-9][0-9]{0,5}")) {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return Optional.of(number);
      }
    }
    violations.add(key + "=" + value + " is not a number from " + min + " to " + max);
    return Optional.empty();
  }
}
