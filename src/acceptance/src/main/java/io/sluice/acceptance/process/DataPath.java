package io.sluice.acceptance.process;

import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.HttpConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What can be seen of a host's data path from outside: sockets, rules with their counters, and
 * Envoy's own statistics.
 *
 * @param state the folder of its agent, in which Envoy's admin socket is
 */
public record DataPath(Host host, Path state) {

  private static final Pattern REDIRECT =
      Pattern.compile("^\\[(\\d+):\\d+] .*-j REDIRECT --to-ports (\\d+)");
  private static final Pattern PROGRAM = Pattern.compile("\\(\"([^\"]+)\",pid=(\\d+)");

  /** A listening socket: its address and port, and the program that holds it. */
  public record Listening(String address, String program) {}

  /** The sockets that listen on a port. */
  public List<Listening> listening(int port) {
    return host.namespace()
        .run("ss", "-Hltnp", "sport = :" + port)
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .map(words -> new Listening(words[3], program(words[words.length - 1])))
        .distinct() // each of Envoy's threads has a socket of its own
        .toList();
  }

  /**
   * The process that listens on a port.
   *
   * @throws IllegalStateException when there is none
   */
  public long owner(int port) {
    Matcher owner = PROGRAM.matcher(host.namespace().run("ss", "-Hltnp", "sport = :" + port));
    if (!owner.find()) {
      throw new IllegalStateException("nothing listens on " + port + " of " + host);
    }
    return Long.parseLong(owner.group(2));
  }

  /** How many connections the rules of both families have redirected. */
  public long redirected(Direction direction) {
    return Stream.of("iptables-save", "ip6tables-save")
        .flatMap(program -> host.namespace().run(program, "-c", "-t", "nat").lines())
        .map(REDIRECT::matcher)
        .filter(Matcher::find)
        .filter(rule -> rule.group(2).equals(Integer.toString(direction.port())))
        .mapToLong(rule -> Long.parseLong(rule.group(1)))
        .sum();
  }

  /** Every table of both families, without counters and what changes by itself. */
  public String rules() {
    return Stream.of("iptables-save", "ip6tables-save")
        .flatMap(program -> host.namespace().run(program).lines())
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceAll("\\[\\d+:\\d+]", "[0:0]"))
        .collect(Collectors.joining("\n"));
  }

  /**
   * The sum of Envoy's counters or gauges whose name matches.
   *
   * @param names a regular expression for whole names
   */
  public long stat(String names) {
    Pattern pattern = Pattern.compile(names + ": (\\d+)");
    return envoy("/stats?usedonly")
        .lines()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .sum();
  }

  /** How many connections Envoy's listeners have taken. */
  public long accepted(Direction direction) {
    return stat("listener\\." + direction.prefix() + "[^.]*\\.downstream_cx_total");
  }

  /** The text that Envoy's admin API answers, over its Unix socket. */
  public String envoy(String path) {
    UnixDomainSocketAddress address =
        UnixDomainSocketAddress.of(state.resolve("run/envoy-admin.sock"));
    try (HttpConnection connection = HttpConnection.open(address)) {
      return connection.get(path).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String program(String owners) {
    Matcher matcher = PROGRAM.matcher(owners);
    return matcher.find() ? matcher.group(1) : "?";
  }
}
