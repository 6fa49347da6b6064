package io.sluice.benchmarks.scenario;

import io.sluice.acceptance.World;
import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.topology.Host;
import io.sluice.benchmarks.Scenario;
import io.sluice.benchmarks.Workbench;
import io.sluice.benchmarks.report.Series;
import io.sluice.benchmarks.report.Target;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A transparent host's switch from one bundle to another with other rules in both families and
 * other listeners of Envoy, as its agent tells it: from the bundle being there until the switch is
 * proved and confirmed, and how many programs were run for it.
 */
public final class Apply implements Scenario {

  private static final int HOST = 60;
  private static final int WARM_UP = 5;
  private static final double SWITCH_TARGET = 100;
  private static final double COMMANDS_TARGET = 8;
  private static final Pattern APPLIED =
      Pattern.compile("event=applied .*switch_ms=([0-9]+) commands=([0-9]+)");

  @Override
  public String name() {
    return "apply";
  }

  @Override
  public String summary() {
    return "an agent's switch of rules and listeners, proof included, and programs run; needs root";
  }

  @Override
  public List<Series> run(Workbench workbench) throws IOException {
    try (World world = World.create(0)) {
      world.controlPlane().awaitReady();
      Host host = world.host("applied", HOST);
      put(world, host, 15_001);
      AgentProcess agent = world.agent(host, host.name());
      agent.await("the first bundle", () -> applied(agent).size() == 1);
      int edits = WARM_UP + workbench.edits();
      for (int edit = 1; edit <= edits; edit++) {
        int next = edit + 1;
        put(world, host, edit % 2 == 0 ? 15_001 : 16_001);
        agent.await("bundle " + next, () -> applied(agent).size() == next);
      }
      List<List<Double>> counted = applied(agent).subList(1 + WARM_UP, 1 + edits);
      List<Double> millis = new ArrayList<>();
      List<Double> commands = new ArrayList<>();
      counted.forEach(
          one -> {
            millis.add(one.get(0));
            commands.add(one.get(1));
          });
      Series whole = Series.of("switch, proved and confirmed", "ms", millis);
      return List.of(
          whole.withTarget(Target.atMost(SWITCH_TARGET)),
          Series.of("p99 of it", "ms", whole.percentile(99)),
          Series.of("programs run for a switch", "", commands)
              .withTarget(Target.atMost(COMMANDS_TARGET)));
    }
  }

  /** Milliseconds and programs of each switch so far. */
  private static List<List<Double>> applied(AgentProcess agent) {
    List<List<Double>> all = new ArrayList<>();
    Matcher lines = APPLIED.matcher(agent.output());
    while (lines.find()) {
      all.add(List.of(Double.valueOf(lines.group(1)), Double.valueOf(lines.group(2))));
    }
    return all;
  }

  private static void put(World world, Host host, int outboundPort) throws IOException {
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
            redirectPortOutbound: %d
        """
            .formatted(host.name(), host.ipv4().getHostAddress(), outboundPort);
    HttpResponse<String> answer =
        world.operator().putYaml(SampleMesh.COLLECTION + "/" + host.name(), yaml);
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("status " + answer.statusCode() + ": " + answer.body());
    }
  }
}
