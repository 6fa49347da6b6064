package io.sluice.benchmarks.scenario;

import io.sluice.acceptance.World;
import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.EchoApplication;
import io.sluice.acceptance.traffic.HttpConnection;
import io.sluice.benchmarks.Scenario;
import io.sluice.benchmarks.Workbench;
import io.sluice.benchmarks.report.Series;
import io.sluice.benchmarks.report.Target;
import io.sluice.benchmarks.running.ProcessMemory;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * From the start of the agent on a host that it has never seen to the first request from outside
 * that went through Envoy, which the agent starts too.
 */
public final class AgentStart implements Scenario {

  private static final int CLIENT = 3;
  private static final int FIRST_HOST = 50;
  private static final int APPLICATION_PORT = 8080;
  private static final Duration REQUEST = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final double START_TARGET = 1.5;
  private static final double MEMORY_TARGET = 60;

  @Override
  public String name() {
    return "agent";
  }

  @Override
  public String summary() {
    return "agent: from start to captured traffic, and RSS; needs root";
  }

  @Override
  public List<Series> run(Workbench workbench) throws IOException {
    List<Double> seconds = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    List<Double> anonymous = new ArrayList<>();
    try (World world = World.create(0)) {
      world.controlPlane().awaitReady();
      Host client = world.host("client", CLIENT);
      for (int round = 0; round <= workbench.rounds(); round++) {
        Host host = world.host("host-" + round, FIRST_HOST + round);
        put(world, host);
        EchoApplication application = world.application("app", host, "0.0.0.0", APPLICATION_PORT);
        AgentProcess agent = world.agent(host, host.name());
        awaitCaptured(client, host);
        double captured = (System.nanoTime() - agent.launchedAt()) / 1e9;
        workbench.settle();
        ProcessMemory memory = ProcessMemory.of(agent.pid());
        agent.stop();
        agent.uninstall();
        application.close();
        if (round > 0) { // the first one warms the disk's cache and the control plane
          seconds.add(captured);
          resident.add(memory.resident());
          anonymous.add(memory.anonymous());
        }
      }
    }
    return List.of(
        Series.of("agent start to captured", "s", seconds).withTarget(Target.atMost(START_TARGET)),
        Series.of("agent RSS over TLS", "MB", resident).withTarget(Target.atMost(MEMORY_TARGET)),
        Series.of("anonymous part", "MB", anonymous));
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
          - port: %d
            tags:
              kuma.io/service: app
              kuma.io/protocol: http
          transparentProxying:
            redirectPortInbound: 15006
            redirectPortOutbound: 15001
        """
            .formatted(host.name(), host.ipv4().getHostAddress(), APPLICATION_PORT);
    HttpResponse<String> answer =
        world.operator().putYaml(SampleMesh.COLLECTION + "/" + host.name(), yaml);
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("status " + answer.statusCode() + ": " + answer.body());
    }
  }

  /** Asks the application until an answer has passed Envoy, which names itself in it. */
  private static void awaitCaptured(Host client, Host host) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (HttpConnection.get(client, host.ipv4(APPLICATION_PORT), "/", REQUEST).throughEnvoy()) {
          return;
        }
      } catch (IOException e) {
        // Between two rule sets a request may fail; the loop is bounded by the deadline.
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    throw new IOException("nothing was captured within " + LIMIT);
  }
}
