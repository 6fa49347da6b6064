package io.sluice.benchmarks.scenario;

import io.sluice.acceptance.process.OperatorClient;
import io.sluice.benchmarks.Scenario;
import io.sluice.benchmarks.Workbench;
import io.sluice.benchmarks.load.Receipts;
import io.sluice.benchmarks.load.Receipts.Receipt;
import io.sluice.benchmarks.load.SimulatedAgents;
import io.sluice.benchmarks.report.Series;
import io.sluice.benchmarks.report.Target;
import io.sluice.benchmarks.running.ControlPlane;
import io.sluice.benchmarks.running.Heap;
import io.sluice.benchmarks.running.Metrics;
import io.sluice.benchmarks.running.PostgresCluster;
import io.sluice.benchmarks.running.ProcessorTime;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * One control plane with as many simulated agents as the mesh has captured hosts: what an
 * endpoint's change sends to those who see it and to those who don't, how soon, and what it costs
 * the control plane to serve and to wait. The agents are in this process, so that their memory is
 * not counted; their share of the processors makes times upper bounds.
 */
public final class Fleet implements Scenario {

  private static final int WARM_UP = 5;
  private static final Duration FIRST_LIMIT = Duration.ofMinutes(20);
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long IDLE_MILLIS = 30_000;
  private static final long QUIET_MILLIS = 3_000;

  /** In which those would receive something who should not, and reports arrive. */
  private static final long GRACE_MILLIS = 1_500;

  private static final double PACK_TARGET = 2;
  private static final double HEAP_TARGET = 400;

  @Override
  public String name() {
    return "fleet";
  }

  @Override
  public String summary() {
    return "an endpoint's change with as many simulated agents as each size says, and their cost";
  }

  @Override
  public List<Series> run(Workbench workbench) throws IOException {
    List<Series> series = new ArrayList<>();
    for (int size : workbench.sizes()) {
      Path folder = workbench.folder(name() + "-" + size);
      try (PostgresCluster cluster = PostgresCluster.start(folder.resolve("postgres"))) {
        cluster.create("sluice");
        try (ControlPlane controlPlane =
            ControlPlane.start(
                List.of(),
                workbench.controlPlane(),
                Map.of(),
                folder.resolve("control-plane.log"),
                List.of("--sluice.database.url=" + cluster.jdbcUrl("sluice")))) {
          try (OperatorClient operator = new OperatorClient(controlPlane.operators().getPort())) {
            Bench bench = new Bench(workbench, controlPlane, operator, new FleetMesh(size));
            series.addAll(bench.measure());
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    return series;
  }

  /** One control plane with its mesh. */
  private static final class Bench {
    private final Workbench workbench;
    private final ControlPlane controlPlane;
    private final OperatorClient operator;
    private final FleetMesh mesh;
    private final String at;
    private final List<Series> series = new ArrayList<>();

    /** Of a processor, while all agents wait. */
    private double idleShare;

    Bench(Workbench workbench, ControlPlane controlPlane, OperatorClient operator, FleetMesh mesh) {
      this.workbench = workbench;
      this.controlPlane = controlPlane;
      this.operator = operator;
      this.mesh = mesh;
      this.at = String.format(Locale.ROOT, " at %,d", mesh.size());
    }

    List<Series> measure() throws IOException, InterruptedException {
      workbench.say("filling the mesh" + at);
      mesh.fill(controlPlane.operators());
      try (SimulatedAgents agents = enrolled()) {
        start(agents);
        idle();
        memory("all agents waiting");
        edits(agents);
        memory("after the edits");
        add("requests of agents that failed", "", (double) agents.failures());
        agents.reasons().forEach((reason, times) -> workbench.say(times + " times: " + reason));
      }
      return series;
    }

    private SimulatedAgents enrolled() {
      workbench.say("making tokens");
      SimulatedAgents agents =
          new SimulatedAgents(
              URI.create("https://127.0.0.1:" + controlPlane.agentsPort()), operator.fingerprint());
      for (int number = 0; number < mesh.size(); number++) {
        String name = FleetMesh.name(number);
        agents.add(name, operator.token("default", name), FleetMesh.address(number));
      }
      return agents;
    }

    private void start(SimulatedAgents agents) throws IOException, InterruptedException {
      workbench.say("first bundles");
      double before = processorMillis();
      Receipts first = agents.from(name -> true);
      agents.start();
      await(first, FIRST_LIMIT);
      List<Double> seconds = first.expected().stream().map(each -> each.millis() / 1e3).toList();
      add("processor time for all first bundles", "s", (processorMillis() - before) / 1e3);
      series.add(Series.of("start to an agent's first bundle" + at, "s", seconds));
      add("last of them", "s", seconds.stream().mapToDouble(Double::doubleValue).max().orElse(0));
      double sent = first.expected().stream().mapToDouble(Receipt::bytes).sum();
      add("first bundles, all", "MB", sent / 1e6);
      quieten(agents);
    }

    /** What comes in the wake of so many hosts at once is no edit's. */
    private void quieten(SimulatedAgents agents) throws InterruptedException {
      Receipts late;
      do {
        late = agents.from(name -> true);
        Thread.sleep(QUIET_MILLIS);
      } while (!late.expected().isEmpty());
    }

    private void idle() throws InterruptedException {
      workbench.say("all agents wait");
      double before = processorMillis();
      long started = System.nanoTime();
      Thread.sleep(IDLE_MILLIS);
      idleShare = (processorMillis() - before) / (System.nanoTime() - started) * 1e6;
      add("processor, all agents waiting", "% of a core", idleShare * 100);
    }

    private void memory(String when) {
      series.add(
          Series.of("heap, " + when + at, "MB", Heap.live(controlPlane.pid()))
              .withTarget(Target.atMost(HEAP_TARGET)));
      add("RSS, " + when, "MB", controlPlane.memory().resident());
    }

    private void edits(SimulatedAgents agents) throws IOException, InterruptedException {
      workbench.say("edits");
      List<Edit> all = new ArrayList<>();
      for (int edit = 1; edit <= WARM_UP + workbench.edits(); edit++) {
        Thread.sleep(RandomGenerator.getDefault().nextInt(250, 750));
        Edit seen = edit(agents, edit);
        if (edit > WARM_UP) {
          all.add(seen);
        }
      }
      Target sees = Target.atMost(mesh.seeing());
      series.addAll(
          List.of(
              of("sent for an endpoint's change, the most to one", "kB", all, Edit::kilobytes)
                  .withTarget(Target.atMost(PACK_TARGET)),
              of("sent for it to those who don't see it", "kB", all, Edit::strayKilobytes)
                  .withTarget(Target.atMost(0)),
              of("packs sent for it", "", all, Edit::packs).withTarget(sees),
              of("bundles rendered for it", "", all, Edit::rendered).withTarget(sees),
              of("PUT to bundle received, p50 of agents", "ms", all, Edit::median),
              of("PUT to bundle received, last agent", "ms", all, Edit::last),
              of("processor time for it", "ms", all, Edit::processorMillis)));
    }

    private Edit edit(SimulatedAgents agents, int number) throws IOException, InterruptedException {
      double rendered = rendered();
      double processor = processorMillis();
      Receipts receipts = agents.from(FleetMesh::sees);
      long started = System.nanoTime();
      mesh.move(controlPlane.operators(), number);
      await(receipts, LIMIT);
      Thread.sleep(GRACE_MILLIS);
      double idle = idleShare * (System.nanoTime() - started) / 1e6;
      return new Edit(
          receipts.expected(),
          receipts.unexpected(),
          Math.max(0, processorMillis() - processor - idle),
          rendered() - rendered);
    }

    private void await(Receipts receipts, Duration limit) throws IOException, InterruptedException {
      if (!receipts.await(limit)) {
        throw new IOException(receipts.missing() + " agents received nothing within " + limit);
      }
    }

    private double rendered() throws IOException {
      return new Metrics(operator.get("/metrics").body())
          .value("sluice_bundles_rendered_seconds_count");
    }

    private double processorMillis() {
      return ProcessorTime.of(controlPlane.pid()) / 1e6;
    }

    private Series of(
        String subject, String unit, List<Edit> edits, ToDoubleFunction<Edit> quantity) {
      return Series.of(subject + at, unit, edits.stream().mapToDouble(quantity).boxed().toList());
    }

    private void add(String subject, String unit, double value) {
      series.add(Series.of(subject + at, unit, value));
    }
  }

  /**
   * What one edit caused.
   *
   * @param expected of those who see the endpoint
   * @param unexpected of those who don't
   * @param processorMillis of the control plane, what it spends on waiting agents left out
   * @param rendered bundles
   */
  private record Edit(
      List<Receipt> expected, List<Receipt> unexpected, double processorMillis, double rendered) {

    double kilobytes() {
      return expected.stream().mapToLong(Receipt::bytes).max().orElse(0) / 1e3;
    }

    double strayKilobytes() {
      return unexpected.stream().mapToLong(Receipt::bytes).sum() / 1e3;
    }

    double packs() {
      return expected.stream().mapToInt(Receipt::packs).sum()
          + unexpected.stream().mapToInt(Receipt::packs).sum();
    }

    double median() {
      return millis().median();
    }

    double last() {
      return millis().max();
    }

    private Series millis() {
      return Series.of("received", "ms", expected.stream().map(Receipt::millis).toList());
    }
  }
}
