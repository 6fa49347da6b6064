package io.sluice.acceptance.demo;

import static io.sluice.acceptance.process.Direction.INBOUND;
import static io.sluice.acceptance.process.Direction.OUTBOUND;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.Curl;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.process.Direction;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.DnsQuestion;
import io.sluice.acceptance.traffic.HttpAnswer;
import io.sluice.acceptance.traffic.HttpConnection;
import io.sluice.acceptance.traffic.IpText;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The requests of the demo, each with what was seen of it on the way. */
record Requests(
    Report report,
    Host client,
    Host upstream,
    Host explicit,
    AgentProcess explicitAgent,
    Host transparent,
    AgentProcess transparentAgent) {

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int CALLS = 20;

  void awaitApplied() {
    explicitAgent.awaitLog("event=applied");
    transparentAgent.awaitLog("event=applied");
  }

  void explicitInbound() throws IOException {
    report.heading("Explicit: client → 10.119.249.39:15000 → 127.0.0.1:5000");
    DataPath path = explicitAgent.dataPath();
    report.seen("bound to 15000", first(path, 15000));
    report.seen("bound to 5000", first(path, 5000));
    boolean bound =
        path.listening(15000)
            .equals(List.of(new DataPath.Listening("10.119.249.39:15000", "envoy")));
    long before = path.accepted(INBOUND);
    HttpAnswer answer = ask(client, explicit.ipv4(15000));
    long connections = path.accepted(INBOUND) - before;
    report.seen("Envoy's listener on 15000", "+" + connections + " connection");
    report.check("Envoy is bound to 10.119.249.39:15000", bound);
    report.check(
        "the application at 127.0.0.1:5000 answered through Envoy",
        answer.application().equals("demo-app")
            && answer.local().equals("127.0.0.1:5000")
            && answer.throughEnvoy()
            && connections == 1);
  }

  void transparentInbound() throws IOException {
    report.heading("Transparent, inbound: client → 10.119.249.40:5000, captured to 15006");
    captured(client, transparent.ipv4(5000), INBOUND, "transparent-app", "127.0.0.6");
    captured(client, transparent.ipv6(5000), INBOUND, "transparent-app", "::6");
  }

  void transparentOutbound() throws IOException {
    report.heading("Transparent, outbound: → 10.119.249.50:80, captured to 15001");
    captured(transparent, upstream.ipv4(80), OUTBOUND, "upstream", IpText.of(transparent.ipv4()));
    captured(transparent, upstream.ipv6(80), OUTBOUND, "upstream", IpText.of(transparent.ipv6()));
  }

  void byName(Curl curl, List<Host> backends) {
    DataPath path = transparentAgent.dataPath();
    List<String> names = backends.stream().map(Host::name).toList();
    transparentAgent.await("endpoints of backend", () -> knows(path, backends));
    transparentAgent.await("the name", () -> resolves("v2.backend.mesh"));
    Set<String> called = curl.answering(transparent, "http://backend.mesh/", CALLS);
    report.seen(CALLS + " × curl http://backend.mesh/", called);
    report.check("both endpoints of backend.mesh answered", called.equals(Set.copyOf(names)));
    Set<String> six = curl.answering(transparent, "http://backend.mesh/", CALLS, "-6");
    report.seen(CALLS + " × the same over IPv6", six);
    report.check("over IPv6 too", six.equals(Set.copyOf(names)));
    Set<String> version = curl.answering(transparent, "http://v2.backend.mesh:8080/", CALLS);
    report.seen(CALLS + " × curl v2.backend.mesh:8080", version);
    report.check(
        "the VirtualOutbound leads to version v2 alone", version.equals(Set.of(names.getLast())));
  }

  private boolean resolves(String name) {
    InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral(Curl.NAME_SERVER), 53);
    try {
      return !DnsQuestion.ask(transparent, server, name, DnsQuestion.Transport.UDP).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean knows(DataPath path, List<Host> endpoints) {
    String clusters = path.envoy("/clusters");
    return endpoints.stream()
        .allMatch(
            host -> clusters.contains("backend::" + host.ipv4().getHostAddress() + ":5000::"));
  }

  void uninstall() {
    report.heading("Uninstall");
    explicitAgent.stop();
    explicitAgent.uninstall();
    transparentAgent.stop();
    transparentAgent.uninstall();
    DataPath path = transparentAgent.dataPath();
    String rules = path.rules();
    report.seen("rules left", rules.lines().filter(line -> line.startsWith("-A")).count());
    report.seen("bound to 15006", first(path, INBOUND.port()));
    report.check(
        "no rule and no Envoy is left",
        !rules.contains("SLUICE")
            && path.listening(INBOUND.port()).isEmpty()
            && explicitAgent.dataPath().listening(15000).isEmpty());
  }

  private void captured(
      Host from, InetSocketAddress to, Direction direction, String application, String peer)
      throws IOException {
    DataPath path = transparentAgent.dataPath();
    long redirected = path.redirected(direction);
    long connections = path.accepted(direction);
    HttpAnswer answer = ask(from, to);
    long byRules = path.redirected(direction) - redirected;
    long byEnvoy = path.accepted(direction) - connections;
    report.seen("rules redirected to " + direction.port(), "+" + byRules + " connection");
    report.seen("Envoy's listeners", "+" + byEnvoy + " connection");
    report.check(
        "%s answered, called by Envoy from %s".formatted(application, peer),
        answer.application().equals(application)
            && answer.peer().equals(peer)
            && byRules == 1
            && byEnvoy == 1);
  }

  private static String first(DataPath path, int port) {
    return path.listening(port).stream()
        .findFirst()
        .map(socket -> socket.program() + " at " + socket.address())
        .orElse("nothing");
  }

  private HttpAnswer ask(Host from, InetSocketAddress to) throws IOException {
    HttpAnswer answer = HttpConnection.get(from, to, "/", LIMIT);
    report.seen(
        from + " → " + (to.getAddress() instanceof Inet4Address ? "IPv4" : "IPv6"),
        answer.status() + " " + answer.body().strip());
    return answer;
  }
}
