package io.sluice.benchmarks.scenario;

import io.sluice.benchmarks.Scenario;
import io.sluice.benchmarks.Workbench;
import io.sluice.benchmarks.report.Series;
import io.sluice.benchmarks.report.Target;
import io.sluice.benchmarks.running.ControlPlane;
import io.sluice.benchmarks.running.PostgresCluster;
import io.sluice.benchmarks.running.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long the control plane takes until it says that it is ready, and its memory then: on a
 * database that is empty and on full ones, with the AOT cache and without it, and on the embedded
 * PostgreSQL, whose start is part of it.
 */
public final class ControlPlaneStart implements Scenario {

  private static final double START_TARGET = 6;
  private static final Map<String, String> WITHOUT_CACHE =
      Map.of("SLUICE_AOT_CACHE", "/nonexistent");

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String summary() {
    return "control plane: from start to ready, and RSS then";
  }

  @Override
  public List<Series> run(Workbench workbench) throws IOException {
    List<Series> series = new ArrayList<>();
    Path folder = workbench.folder(name());
    boolean cached = Files.exists(workbench.aotCache());
    if (!cached) {
      workbench.say("no AOT cache: run " + workbench.controlPlane() + " train");
    }
    try (PostgresCluster cluster = PostgresCluster.start(folder.resolve("postgres"))) {
      cluster.create("sluice");
      List<String> external = List.of("--sluice.database.url=" + cluster.jdbcUrl("sluice"));
      List<String> embedded = List.of("--sluice.data=" + folder.resolve("embedded"));
      start(workbench, folder, Map.of(), external).close(); // makes the tables
      series.addAll(starts(workbench, folder, "without a cache", WITHOUT_CACHE, external));
      if (cached) {
        series.addAll(
            starts(workbench, folder, "with the AOT cache", Map.of(), external).stream()
                .map(ControlPlaneStart::withTarget)
                .toList());
        start(workbench, folder, Map.of(), embedded).close(); // unpacks PostgreSQL
        series.addAll(
            starts(workbench, folder, "cache, embedded PostgreSQL", Map.of(), embedded).stream()
                .map(ControlPlaneStart::withTarget)
                .toList());
      }
      int filled = 0;
      for (int size : workbench.sizes()) {
        try (ControlPlane controlPlane = start(workbench, folder, Map.of(), external)) {
          SampleMesh.fill(controlPlane.operators(), filled, size);
          filled = size;
        }
        String on = String.format(Locale.ROOT, "on %,d dataplanes", size);
        series.addAll(starts(workbench, folder, on, Map.of(), external));
      }
    }
    return series;
  }

  private static Series withTarget(Series series) {
    return series.unit().equals("s") ? series.withTarget(Target.atMost(START_TARGET)) : series;
  }

  private static List<Series> starts(
      Workbench workbench,
      Path folder,
      String how,
      Map<String, String> environment,
      List<String> settings)
      throws IOException {
    List<Double> seconds = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    List<Double> anonymous = new ArrayList<>();
    for (int round = 1; round <= workbench.rounds(); round++) {
      workbench.say("start " + round + " of " + workbench.rounds() + ", " + how);
      try (ControlPlane controlPlane = start(workbench, folder, environment, settings)) {
        seconds.add(controlPlane.startTime().toMillis() / 1e3);
        workbench.settle();
        ProcessMemory memory = controlPlane.memory();
        resident.add(memory.resident());
        anonymous.add(memory.anonymous());
      }
    }
    return List.of(
        Series.of("start, " + how, "s", seconds),
        Series.of("RSS, " + how, "MB", resident),
        Series.of("anonymous part, " + how, "MB", anonymous));
  }

  private static ControlPlane start(
      Workbench workbench, Path folder, Map<String, String> environment, List<String> settings) {
    return ControlPlane.start(
        List.of(),
        workbench.controlPlane(),
        environment,
        folder.resolve("control-plane.log"),
        settings);
  }
}
