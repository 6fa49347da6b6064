package io.sluice.benchmarks.scenario;

import io.sluice.acceptance.World;
import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.Curl;
import io.sluice.acceptance.process.OperatorClient;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.DnsQuestion;
import io.sluice.acceptance.traffic.HttpConnection;
import io.sluice.benchmarks.Scenario;
import io.sluice.benchmarks.Workbench;
import io.sluice.benchmarks.report.Series;
import io.sluice.benchmarks.report.Target;
import io.sluice.benchmarks.running.Metrics;
import io.sluice.benchmarks.running.ProcessMemory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Services among few and among many others: from the PUT that moves an endpoint to the first
 * request that it serves, from the PUT that makes a name to its first answer, what is sent for an
 * endpoint's change to an agent that sees it and to one that does not, and what the agent needs.
 */
public final class Services implements Scenario {

  private static final List<Integer> SIZES = List.of(10, 1_000);
  private static final int BATCH = 250;
  private static final int WARM_UP = 5;
  private static final int NAMES = 10;
  private static final int FIRST = 5_001;
  private static final int SECOND = 5_002;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final double P50_TARGET = 60;
  private static final double P99_TARGET = 150;
  private static final double AGENT_TARGET = 60;
  private static final double PACK_TARGET = 2;

  @Override
  public String name() {
    return "services";
  }

  @Override
  public String summary() {
    return "endpoints and names among 10 and 1,000 services, packs and the agent's RSS; needs root";
  }

  @Override
  public List<Series> run(Workbench workbench) throws IOException {
    List<Series> series = new ArrayList<>();
    try (World world = World.create(0)) {
      world.controlPlane().awaitReady();
      Bench bench = new Bench(workbench, world);
      for (int size : SIZES) {
        bench.fill(size);
        String where = String.format(Locale.ROOT, " among %,d services", size);
        workbench.say("endpoints" + where);
        series.addAll(bench.endpoints(where));
        workbench.say("names" + where);
        series.addAll(bench.names(where));
        workbench.settle();
        series.add(
            Series.of("agent RSS" + where, "MB", ProcessMemory.of(bench.agent.pid()).resident())
                .withTarget(Target.atMost(AGENT_TARGET)));
      }
    }
    return series;
  }

  /** Two captured hosts, of which one reaches nothing but itself, and an endpoint that moves. */
  private static final class Bench {
    private final Workbench workbench;
    private final OperatorClient operator;
    private final Host caller;
    private final Host callee;
    private final AgentProcess agent;
    private int filled;
    private int named;
    private boolean second;

    Bench(Workbench workbench, World world) throws IOException {
      this.workbench = workbench;
      this.operator = world.operator();
      this.caller = world.host("caller");
      this.callee = world.host("callee");
      Host stranger = world.host("stranger");
      String resolvConf = "--resolv-conf=" + new Curl(world.folder()).resolvConf();
      world.application("first", callee, "::", FIRST);
      world.application("second", callee, "::", SECOND);
      put(captured(caller, ""));
      put(captured(stranger, "    reachableServices: [stranger]\n"));
      put(moved());
      this.agent = world.agent(caller, caller.name(), resolvConf);
      AgentProcess other = world.agent(stranger, stranger.name(), resolvConf);
      agent.awaitLog("event=applied");
      other.awaitLog("event=applied");
      awaitAddress("moved.mesh");
    }

    /** Makes services with an endpoint each until there are so many. */
    void fill(int size) throws IOException {
      workbench.say("filling the mesh up to " + size + " services");
      while (filled < size) {
        StringBuilder stream = new StringBuilder();
        int end = Math.min(size, filled + BATCH);
        for (; filled < end; filled++) {
          stream.append("---\n").append(explicit("filler-" + filled, "10.9.0.1", 10_000 + filled));
        }
        taken(operator.postYaml("/apply", stream.toString()));
      }
      awaitAddress("filler-" + (size - 1) + ".mesh");
      workbench.settle();
    }

    List<Series> endpoints(String where) throws IOException {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.ofLiteral(awaitAddress("moved.mesh")), 80);
      List<Double> served = new ArrayList<>();
      List<Double> kilobytes = new ArrayList<>();
      List<Double> packs = new ArrayList<>();
      for (int edit = -WARM_UP; edit < workbench.edits(); edit++) {
        pause();
        second = !second;
        Packs before = Packs.of(operator);
        long started = System.nanoTime();
        put(moved());
        awaitServed(address, second ? "second" : "first");
        double took = (System.nanoTime() - started) / 1e6;
        Packs after = Packs.of(operator);
        if (edit >= 0) {
          served.add(took);
          kilobytes.add((after.bytes() - before.bytes()) / 1e3);
          packs.add(after.count() - before.count());
        }
      }
      Series whole = Series.of("endpoint moved to first request served" + where, "ms", served);
      return List.of(
          whole.withTarget(Target.atMost(P50_TARGET)),
          Series.of("p99 of it", "ms", whole.percentile(99)).withTarget(Target.atMost(P99_TARGET)),
          Series.of("sent for it to all agents", "kB", kilobytes)
              .withTarget(Target.atMost(PACK_TARGET)),
          Series.of("agents it was sent to, of 2", "", packs).withTarget(Target.atMost(1)));
    }

    List<Series> names(String where) throws IOException {
      List<Double> answered = new ArrayList<>();
      for (int edit = 0; edit < NAMES; edit++) {
        pause();
        String name = "named-" + named++;
        long started = System.nanoTime();
        put(explicit(name, "10.9.0.2", 10_000 + named));
        awaitAddress(name + ".mesh");
        answered.add((System.nanoTime() - started) / 1e6);
      }
      return List.of(Series.of("name made to first answer" + where, "ms", answered));
    }

    private String moved() {
      return explicit("moved", callee.ipv4().getHostAddress(), second ? SECOND : FIRST);
    }

    private void put(String yaml) throws IOException {
      taken(operator.postYaml("/apply", yaml));
    }

    private void awaitServed(InetSocketAddress address, String application) throws IOException {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      String last = "nothing";
      while (System.nanoTime() < deadline) {
        try {
          last = HttpConnection.get(caller, address, "/", Duration.ofSeconds(5)).application();
        } catch (IOException e) {
          last = e.toString();
        }
        if (last.equals(application)) {
          return;
        }
        pause(1);
      }
      throw new IOException("not served by " + application + " but: " + last);
    }

    private String awaitAddress(String name) throws IOException {
      InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral(Curl.NAME_SERVER), 53);
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (System.nanoTime() < deadline) {
        List<String> found = DnsQuestion.ask(caller, server, name, DnsQuestion.Transport.UDP);
        if (!found.isEmpty()) {
          return found.getFirst();
        }
        pause(1);
      }
      throw new IOException("no address of " + name);
    }
  }

  /**
   * The packs that the control plane has sent.
   *
   * @param count how many
   * @param bytes of all of them
   */
  private record Packs(double count, double bytes) {

    static Packs of(OperatorClient operator) throws IOException {
      Metrics metrics = new Metrics(taken(operator.get("/metrics")));
      return new Packs(
          metrics.value("sluice_packs_bytes_count"), metrics.value("sluice_packs_bytes_sum"));
    }
  }

  private static String explicit(String name, String address, int port) {
    return """
        type: Dataplane
        mesh: default
        name: %1$s
        networking:
          address: %2$s
          inbound:
          - port: %3$d
            serviceAddress: 127.0.0.1
            tags: {kuma.io/service: %1$s, kuma.io/protocol: tcp}
        """
        .formatted(name, address, port);
  }

  private static String captured(Host host, String transparentProxying) {
    return """
        type: Dataplane
        mesh: default
        name: %1$s
        networking:
          address: %2$s
          inbound:
          - port: 8080
            tags: {kuma.io/service: %1$s, kuma.io/protocol: tcp}
          transparentProxying:
            redirectPortInbound: 15006
            redirectPortOutbound: 15001
        %3$s"""
        .formatted(host.name(), host.ipv4().getHostAddress(), transparentProxying);
  }

  private static String taken(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("status " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  /** Time for the agents to have reported and to poll again, never in step with any timer. */
  private static void pause() throws IOException {
    pause(RandomGenerator.getDefault().nextInt(250, 750));
  }

  private static void pause(int millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
