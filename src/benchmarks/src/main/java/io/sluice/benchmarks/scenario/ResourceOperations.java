package io.sluice.benchmarks.scenario;

import io.sluice.benchmarks.Scenario;
import io.sluice.benchmarks.Workbench;
import io.sluice.benchmarks.load.Load;
import io.sluice.benchmarks.report.Series;
import io.sluice.benchmarks.report.Target;
import io.sluice.benchmarks.running.ControlPlane;
import io.sluice.benchmarks.running.PgBench;
import io.sluice.benchmarks.running.PostgresCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * PUT, GET and LIST of 100 at several sizes of the mesh. Each round measures all of them and
 * pgbench, which sends PostgreSQL the statements of a PUT, one after the other: noise of the
 * machine hits them alike, and the ratio holds where the rates vary. pgbench is warm at once; the
 * control plane's code is compiled while it warms up, for which two processors take that long.
 */
public final class ResourceOperations implements Scenario {

  private static final int PAGE = 100;
  private static final Duration WARM_UP = Duration.ofSeconds(40);
  private static final double PUT_TARGET = 0.3;

  @Override
  public String name() {
    return "resources";
  }

  @Override
  public String summary() {
    return "PUT, GET, LIST of 100 at each size, and PUT against pgbench with the same statements";
  }

  @Override
  public List<Series> run(Workbench workbench) throws IOException {
    List<Series> series = new ArrayList<>();
    Path folder = workbench.folder(name());
    Path script = script(folder, "put.sql");
    Path steps = script(folder, "put-in-steps.sql");
    try (PostgresCluster cluster = PostgresCluster.start(folder.resolve("postgres"))) {
      cluster.create("sluice");
      try (ControlPlane controlPlane =
          ControlPlane.start(
              List.of(),
              workbench.controlPlane(),
              Map.of(),
              folder.resolve("control-plane.log"),
              List.of("--sluice.database.url=" + cluster.jdbcUrl("sluice")))) {
        Load load = new Load(controlPlane.operators(), workbench.clients());
        int filled = 0;
        for (int size : workbench.sizes()) {
          workbench.say("filling the mesh up to " + size);
          long started = System.nanoTime();
          SampleMesh.fill(controlPlane.operators(), filled, size);
          double seconds = (System.nanoTime() - started) / 1e9;
          String at = String.format(Locale.ROOT, " at %,d", size);
          series.add(Series.of("POST /apply, up to" + at, "/s", (size - filled) / seconds));
          filled = size;
          workbench.say("warming up");
          load.run(WARM_UP, put(size));
          load.run(WARM_UP.dividedBy(3), get(size));
          load.run(WARM_UP.dividedBy(3), list());
          cluster.copy("sluice", "baseline");
          PgBench pgBench = new PgBench(cluster, "baseline", workbench.clients());
          series.addAll(rounds(workbench, load, pgBench, script, steps, size, at));
          series.add(Series.of("control plane RSS" + at, "MB", controlPlane.memory().resident()));
        }
      }
    }
    return series;
  }

  private static List<Series> rounds(
      Workbench workbench, Load load, PgBench pgBench, Path script, Path steps, int size, String at)
      throws IOException {
    List<Double> baseline = new ArrayList<>();
    List<Double> inSteps = new ArrayList<>();
    List<Double> puts = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    List<Double> gets = new ArrayList<>();
    List<Double> lists = new ArrayList<>();
    List<Double> putMillis = new ArrayList<>();
    for (int round = 1; round <= workbench.rounds(); round++) {
      workbench.say("round " + round + " of " + workbench.rounds() + at);
      baseline.add(pgBench.run(script, size, workbench.round()));
      inSteps.add(pgBench.run(steps, size, workbench.round()));
      Load.Outcome put = load.run(workbench.round(), put(size));
      puts.add(put.perSecond());
      putMillis.addAll(put.millis());
      ratios.add(puts.getLast() / baseline.getLast());
      gets.add(load.run(workbench.round(), get(size)).perSecond());
      lists.add(load.run(workbench.round(), list()).perSecond());
    }
    return List.of(
        Series.of("pgbench, the statement of a PUT" + at, "/s", baseline),
        Series.of("pgbench, the same in steps" + at, "/s", inSteps),
        Series.of("PUT" + at, "/s", puts),
        Series.of("PUT ÷ pgbench" + at, "x", ratios).withTarget(Target.atLeast(PUT_TARGET)),
        Series.of("PUT, time of one" + at, "ms", putMillis),
        Series.of("GET" + at, "/s", gets),
        Series.of("LIST of " + PAGE + at, "/s", lists));
  }

  private static Load.Request put(int size) {
    return (connection, random) -> {
      int number = random.nextInt(size);
      return connection.exchange(
          "PUT",
          SampleMesh.path(number),
          "application/json",
          SampleMesh.document(number, random.nextInt(1_024, 15_000)));
    };
  }

  private static Load.Request get(int size) {
    return (connection, random) -> connection.get(SampleMesh.path(random.nextInt(size)));
  }

  private static Load.Request list() {
    return (connection, random) -> connection.get(SampleMesh.COLLECTION + "?size=" + PAGE);
  }

  private static Path script(Path folder, String name) throws IOException {
    Path script = folder.resolve(name);
    try (InputStream statements =
        Objects.requireNonNull(ResourceOperations.class.getResourceAsStream(name))) {
      Files.copy(statements, script);
    }
    return script;
  }
}
