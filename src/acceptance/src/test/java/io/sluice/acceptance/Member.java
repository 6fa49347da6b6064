package io.sluice.acceptance;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.Curl;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.EchoApplication;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A captured host of a mesh, with the application of its service and an agent. */
final class Member implements AutoCloseable {

  private final World world;
  private final String name;
  private final Host host;
  private final int port;
  private EchoApplication application;
  private final AgentProcess agent;

  private Member(World world, String name, Host host, int port, Curl curl) throws IOException {
    this.world = world;
    this.name = name;
    this.host = host;
    this.port = port;
    this.application = world.application(name, host, "::", port);
    this.agent = world.agent(host, name, "--resolv-conf=" + curl.resolvConf());
  }

  /** Starts the application, whose answers have the member's name, and the agent. */
  static Member start(World world, Host host, int port, Curl curl) throws IOException {
    return new Member(world, host.name(), host, port, curl);
  }

  String name() {
    return name;
  }

  Host host() {
    return host;
  }

  AgentProcess agent() {
    return agent;
  }

  DataPath path() {
    return agent.dataPath();
  }

  /** Ends the application alone. */
  void endApplication() {
    application.close();
  }

  /** Starts it again. */
  void restartApplication() throws IOException {
    application = world.application(name, host, "::", port);
  }

  /** The host goes down: agent, Envoy and application end at once. */
  void die() {
    agent.kill();
    ProcessHandle.of(path().owner(15006)).ifPresent(ProcessHandle::destroyForcibly);
    application.close();
  }

  /** It comes back. */
  void comeBack() throws IOException {
    restartApplication();
    agent.restart();
  }

  /** The addresses and ports that Envoy here knows for a service. */
  Set<String> endpoints(String service) {
    Pattern line =
        Pattern.compile("^" + Pattern.quote(service) + "::(\\S+?)::cx_active::", Pattern.MULTILINE);
    Set<String> found = new TreeSet<>();
    line.matcher(path().envoy("/clusters"))
        .results()
        .map(MatchResult::group)
        .forEach(
            text ->
                found.add(
                    text.substring(
                        service.length() + 2, text.length() - "::cx_active::".length())));
    return found;
  }

  @Override
  public void close() {
    agent.stop();
    agent.uninstall();
    application.close();
  }
}
