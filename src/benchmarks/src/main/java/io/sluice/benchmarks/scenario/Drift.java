package io.sluice.benchmarks.scenario;

import io.sluice.acceptance.World;
import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.topology.Host;
import io.sluice.benchmarks.Scenario;
import io.sluice.benchmarks.Workbench;
import io.sluice.benchmarks.report.Series;
import io.sluice.benchmarks.report.Target;
import io.sluice.benchmarks.running.ProcessorTime;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What it costs an idle agent to watch whether somebody changes its rules: the processor time of
 * the threads that do, of {@code nft monitor}, and of all programs that the agent has run
 * meanwhile, whatever for.
 */
public final class Drift implements Scenario {

  private static final List<String> BACKENDS = List.of("nf_tables", "legacy");
  private static final int FIRST_HOST = 70;
  private static final long WINDOW_NANOS = 60_000_000_000L;
  private static final double PERCENT_TARGET = 0.1;

  @Override
  public String name() {
    return "drift";
  }

  @Override
  public String summary() {
    return "what watching for drift costs an idle agent, a minute a round; needs root";
  }

  @Override
  public List<Series> run(Workbench workbench) throws IOException {
    Map<String, List<Double>> percent = new TreeMap<>();
    try (World world = World.create(0)) {
      world.controlPlane().awaitReady();
      Map<String, AgentProcess> agents = new TreeMap<>();
      for (String backend : BACKENDS) {
        Host host = world.host("watched-" + agents.size(), FIRST_HOST + agents.size());
        put(world, host);
        AgentProcess agent = world.agent(host, host.name(), "--iptables=" + backend);
        agent.awaitLog("event=applied");
        agents.put(backend, agent);
        percent.put(backend, new ArrayList<>());
      }
      workbench.settle();
      for (int round = 0; round < workbench.rounds(); round++) {
        Map<String, Double> before = spent(agents);
        long start = System.nanoTime();
        pause();
        double window = System.nanoTime() - start;
        spent(agents)
            .forEach(
                (backend, nanos) ->
                    percent
                        .getOrDefault(backend, List.of())
                        .add(100 * (nanos - before.getOrDefault(backend, 0.0)) / window));
      }
    }
    List<Series> all = new ArrayList<>();
    percent.forEach(
        (backend, samples) ->
            all.add(
                Series.of("watching for drift, " + backend, "% of a core", samples)
                    .withTarget(Target.atMost(PERCENT_TARGET))));
    return all;
  }

  private static Map<String, Double> spent(Map<String, AgentProcess> agents) {
    Map<String, Double> nanos = new TreeMap<>();
    agents.forEach(
        (backend, agent) ->
            nanos.put(
                backend,
                ProcessorTime.ofThreads(agent.pid(), List.of("drift", "rule-events"))
                    + ProcessorTime.ofRunningChildren(agent.pid())
                    + ProcessorTime.ofEndedChildren(agent.pid())));
    return nanos;
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(WINDOW_NANOS / 1_000_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void put(World world, Host host) throws IOException {
    String yaml =
        """
        type: Dataplane
        mesh: default
        name: %s
        networking:
          address: %s
          inbound:
          - port: 8080
            tags:
              kuma.io/service: app
              kuma.io/protocol: http
          transparentProxying:
            redirectPortInbound: 15006
            redirectPortOutbound: 15001
        """
            .formatted(host.name(), host.ipv4().getHostAddress());
    HttpResponse<String> answer =
        world.operator().putYaml(SampleMesh.COLLECTION + "/" + host.name(), yaml);
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("status " + answer.statusCode() + ": " + answer.body());
    }
  }
}
