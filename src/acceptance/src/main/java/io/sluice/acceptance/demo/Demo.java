package io.sluice.acceptance.demo;

import io.sluice.acceptance.World;
import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.Curl;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.IpText;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** {@code ./sluice demo}. */
public final class Demo {

  private static final String DATAPLANES = "/meshes/default/dataplanes";

  private final World world;
  private final Report report;
  private final Curl curl;
  private final Host client;
  private final Host explicit;
  private final Host transparent;
  private final Host upstream;
  private final List<Host> backends;

  private Demo(World world, Report report) {
    this.world = world;
    this.report = report;
    this.curl = new Curl(world.folder());
    this.client = world.host("client", 10);
    this.explicit = world.host("explicit", 39);
    this.transparent = world.host("transparent", 40);
    this.upstream = world.host("upstream", 50);
    this.backends = List.of(world.host("backend-1", 61), world.host("backend-2", 62));
  }

  /**
   * Runs the demo.
   *
   * @param arguments {@code --once} ends it after the checks; {@code --port} for the browser
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    boolean once = false;
    int port = 5681;
    for (Iterator<String> rest = Arrays.asList(arguments).iterator(); rest.hasNext(); ) {
      String option = rest.next();
      if (option.equals("--once")) {
        once = true;
      } else if (option.equals("--port") && rest.hasNext()) {
        port = port(rest.next());
      } else {
        refuse("demo knows [--once] [--port PORT], not " + option);
      }
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Report report = new Report(out);
    report.line("Sluice demo: a control plane, four hosts with agents, a client and an upstream");
    report.line("");
    try (World world = World.create(port)) {
      Demo demo = new Demo(world, report);
      demo.prepare(port);
      Requests requests = demo.enrol();
      requests.explicitInbound();
      requests.transparentInbound();
      requests.transparentOutbound();
      demo.names(requests);
      if (once) {
        requests.uninstall();
      } else {
        demo.stayUp();
      }
    }
    report.done("the hosts, their data, processes and accounts are gone");
    report.summary();
    System.exit(report.allHold() ? 0 : 1);
  }

  private void prepare(int wanted) throws IOException {
    report.done("hosts, each a network namespace with IPv4 and IPv6:");
    List<Host> hosts = new ArrayList<>(List.of(client, explicit, transparent, upstream));
    hosts.addAll(backends);
    for (Host host : hosts) {
      report.seen(host.name(), IpText.of(host.ipv4()) + "  " + literal(host));
    }
    world.application("demo-app", explicit, "127.0.0.1", 5000);
    world.application("transparent-app", transparent, "::", 5000);
    world.application("upstream", upstream, "::", 80);
    for (Host backend : backends) {
      world.application(backend.name(), backend, "::", 5000);
    }
    world.controlPlane().awaitReady();
    report.done("control plane on its embedded PostgreSQL: " + world.operator().base());
    if (world.operator().base().getPort() != wanted) {
      report.seen("port " + wanted + " is taken here", "so it is on the next free one");
    }
  }

  private Requests enrol() throws IOException {
    String yaml = Files.readString(world.checkout().example("demo-app.yaml"));
    HttpResponse<String> created = world.operator().postYaml(DATAPLANES, yaml);
    report.done("POST examples/demo-app.yaml: " + created.statusCode());
    report.check("the control plane takes the Dataplane as it stands", created.statusCode() == 201);
    AgentProcess first = world.agent(explicit, "demo-app");
    AgentProcess second =
        world.agent(
            transparent,
            "transparent-app",
            "--dataplane-file=" + world.checkout().example("transparent-app.yaml"),
            "--dataplane-var=address=" + transparent.ipv4().getHostAddress(),
            "--resolv-conf=" + curl.resolvConf());
    Requests requests =
        new Requests(report, client, upstream, explicit, first, transparent, second);
    requests.awaitApplied();
    report.done("agents on explicit and transparent have applied their bundles");
    int registered = world.operator().get(DATAPLANES + "/transparent-app").statusCode();
    report.check("the transparent host's agent registered its own Dataplane", registered == 200);
    return requests;
  }

  /** Two endpoints of a service that other hosts call by name. */
  private void names(Requests requests) throws IOException {
    report.heading("Services: transparent → backend.mesh, two endpoints on hosts of their own");
    List<AgentProcess> agents = new ArrayList<>();
    for (int i = 0; i < backends.size(); i++) {
      Host backend = backends.get(i);
      agents.add(
          world.agent(
              backend,
              backend.name(),
              "--dataplane-file=" + world.checkout().example("backend.yaml"),
              "--dataplane-var=name=" + backend.name(),
              "--dataplane-var=address=" + backend.ipv4().getHostAddress(),
              "--dataplane-var=version=v" + (i + 1)));
    }
    String yaml = Files.readString(world.checkout().example("versions.yaml"));
    HttpResponse<String> created =
        world.operator().postYaml("/meshes/default/virtual-outbounds", yaml);
    report.check("the control plane takes examples/versions.yaml", created.statusCode() == 201);
    agents.forEach(agent -> agent.awaitLog("event=applied"));
    requests.byName(curl, backends);
  }

  private void stayUp() throws InterruptedException {
    String api = world.operator().base().toString();
    String inClient = "ip netns exec " + client.namespace().name();
    String inTransparent = "ip netns exec " + transparent.namespace().name();
    report.heading("To try, from another terminal as root");
    report.line("  browse the API      " + api + "/swagger-ui/index.html");
    report.line("  curl -s " + api + DATAPLANES);
    report.line("  curl -s " + api + DATAPLANES + "/transparent-app/_bundle/iptables/v4.rules");
    report.line("  " + inClient + " curl -si http://10.119.249.39:15000/");
    report.line("  " + inClient + " curl -s http://10.119.249.40:5000/");
    report.line("  " + inTransparent + " curl -s http://10.119.249.50/");
    report.line("  " + inTransparent + " curl -s http://backend.mesh/");
    report.line("  " + inTransparent + " curl -s http://v2.backend.mesh:8080/");
    report.line("  curl -s " + api + "/meshes/default/services");
    report.line("  " + inTransparent + " iptables-save -c -t nat");
    report.line("");
    report.line("Ctrl-C ends the demo and removes everything.");
    new CountDownLatch(1).await();
  }

  private static String literal(Host host) {
    return IpText.of(host.ipv6());
  }

  private static int port(String text) {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65535) {
      refuse("--port takes a port from 1 to 65535, not " + text);
    }
    return port;
  }

  private static void refuse(String why) {
    System.err.println("sluice: " + why);
    System.exit(2);
  }
}
