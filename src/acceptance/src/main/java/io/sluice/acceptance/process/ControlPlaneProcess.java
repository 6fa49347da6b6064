package io.sluice.acceptance.process;

import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.HttpConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The control plane on a host, with its embedded PostgreSQL. */
public final class ControlPlaneProcess implements AutoCloseable {

  /** The operators' port, on the host's loopback. */
  public static final int OPERATORS = 5681;

  /** The agents' port. */
  public static final int AGENTS = 5678;

  private static final Duration START = Duration.ofMinutes(2);

  private final Host host;
  private final Path log;
  private final Path names;
  private final List<String> command;
  private Daemon daemon;

  private ControlPlaneProcess(Host host, Path log, Path names, List<String> command) {
    this.host = host;
    this.log = log;
    this.names = names;
    this.command = command;
    this.daemon = launch();
  }

  /**
   * Starts it and returns at once.
   *
   * @param data the folder of its database, kept between starts
   * @param names the hosts file by which it resolves names
   */
  public static ControlPlaneProcess start(
      Checkout checkout, Host host, Path data, Path log, Path names, String... options) {
    List<String> command =
        new ArrayList<>(
            host.namespace()
                .command(
                    checkout.controlPlane().toString(),
                    "--sluice.data=" + data,
                    "--sluice.port=" + OPERATORS,
                    "--sluice.agents.port=" + AGENTS));
    command.addAll(List.of(options));
    return new ControlPlaneProcess(host, log, names, List.copyOf(command));
  }

  /** Waits until it serves operators and agents. */
  public ControlPlaneProcess awaitReady() {
    daemon.await("the control plane answers", START, this::answers);
    return this;
  }

  /** The address for agents. */
  public String agentsAddress() {
    return "https://" + host.ipv4().getHostAddress() + ":" + AGENTS;
  }

  /** Its host. */
  public Host host() {
    return host;
  }

  /** Ends it as a crash would. */
  public void kill() {
    daemon.kill();
  }

  /** Stops it as its service's stop would, and waits for that. */
  public void stop() {
    daemon.stop();
  }

  /** Starts it again on the same data. */
  public void restart() {
    daemon = launch();
    awaitReady();
  }

  /** What it has written so far. */
  public String output() {
    return daemon.output();
  }

  private Daemon launch() {
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            System.getProperty("java.home"),
            "SLUICE_JAVA_OPTIONS",
            System.getenv().getOrDefault("SLUICE_JAVA_OPTIONS", "")
                + " -Djdk.net.hosts.file="
                + names);
    return Daemon.start(command, environment, log);
  }

  private boolean answers() {
    try {
      InetSocketAddress api = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), OPERATORS);
      return HttpConnection.get(host, api, "/", Duration.ofSeconds(2)).status() == 200
          && daemon.output().contains("event=agents-listening");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    daemon.end();
  }
}
