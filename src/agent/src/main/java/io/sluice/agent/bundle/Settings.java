package io.sluice.agent.bundle;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A bundle's {@code agent.properties}, a closed set.
 *
 * @param redirectPorts where Envoy takes what rules redirect; empty in mode none
 * @param drainSeconds how long Envoy lets connections of removed listeners finish
 * @param onProxyFailure means nothing in mode none
 * @param drift means nothing in mode none
 * @param dns absent unless DNS questions are captured
 * @param domains of DNS: no names are in them but those of the bundle
 * @param probes of applications, by the listener of their inbound ({@code address:port})
 */
public record Settings(
    Mode mode,
    boolean ipv6,
    String proxyUser,
    Set<Integer> redirectPorts,
    int drainSeconds,
    OnProxyFailure onProxyFailure,
    Drift drift,
    Optional<Dns> dns,
    List<String> domains,
    SortedMap<String, ServiceProbe> probes) {

  /** Copies the collections. */
  public Settings {
    redirectPorts = Set.copyOf(redirectPorts);
    domains = List.copyOf(domains);
    probes = Collections.unmodifiableSortedMap(new TreeMap<>(probes));
  }

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

  /** What becomes of captured traffic while Envoy does not listen. */
  public enum OnProxyFailure {
    /** It stays captured, so nothing passes. */
    CLOSED,
    /** It passes without Envoy. */
    OPEN
  }

  /** What is done when another program changed our rules. */
  public enum Drift {
    /** Ours are put back, and it is reported. */
    REPAIR,
    /** It is reported. */
    REPORT
  }

  /**
   * DNS questions that the resolver answers.
   *
   * @param port where it takes them
   * @param interfaces those of virtual networks, on which it listens besides loopback; a {@code +}
   *     at the end of one stands for all that begin so
   */
  public record Dns(int port, List<String> interfaces) {

    /** Copies the list. */
    public Dns {
      interfaces = List.copyOf(interfaces);
    }
  }

  /**
   * Reads the settings.
   *
   * @throws RefusedException that names every violation at once
   */
  public static Settings parse(byte[] content) throws RefusedException {
    return new SettingsFile(content).settings();
  }

  /** Where rules may redirect to. */
  public Set<Integer> ruleTargets() {
    Set<Integer> ports = new TreeSet<>(redirectPorts);
    dns.map(Dns::port).ifPresent(ports::add);
    return ports;
  }

  /** Whether everything but the probes is the same. */
  public boolean configuresAs(Settings other) {
    return withoutProbes().equals(other.withoutProbes());
  }

  private Settings withoutProbes() {
    return new Settings(
        mode,
        ipv6,
        proxyUser,
        redirectPorts,
        drainSeconds,
        onProxyFailure,
        drift,
        dns,
        domains,
        Collections.emptySortedMap());
  }

  /** Whether traffic is captured to the same ports. */
  public boolean capturesAs(Settings other) {
    return mode == other.mode && redirectPorts.equals(other.redirectPorts);
  }
}
