package io.sluice.benchmarks;

import io.sluice.acceptance.process.Checkout;
import io.sluice.benchmarks.report.Machine;
import io.sluice.benchmarks.report.Report;
import io.sluice.benchmarks.scenario.AgentStart;
import io.sluice.benchmarks.scenario.Apply;
import io.sluice.benchmarks.scenario.ControlPlaneStart;
import io.sluice.benchmarks.scenario.Drift;
import io.sluice.benchmarks.scenario.EditToListening;
import io.sluice.benchmarks.scenario.Fleet;
import io.sluice.benchmarks.scenario.MicroBenchmarks;
import io.sluice.benchmarks.scenario.ResourceOperations;
import io.sluice.benchmarks.scenario.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line: runs scenarios one after the other and reports what they measured. */
@Command(
    name = "java -jar sluice-benchmarks.jar",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures the control plane and the agent on this machine.",
    footerHeading = "%nScenarios:%n")
public final class Benchmarks implements Callable<Integer> {

  private static final List<Scenario> SCENARIOS =
      List.of(
          new ControlPlaneStart(),
          new ResourceOperations(),
          new EditToListening(),
          new AgentStart(),
          new Apply(),
          new Drift(),
          new Services(),
          new Fleet(),
          new MicroBenchmarks());

  @Parameters(paramLabel = "SCENARIO", description = "what to measure; everything when absent")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--control-plane",
      paramLabel = "FILE",
      description = "its launcher; the one of this checkout when absent")
  private @Nullable Path controlPlane;

  @Option(
      names = "--agent",
      paramLabel = "FILE",
      description = "launcher of its image; the one in src/agent/target/image when absent")
  private @Nullable Path agent;

  @Option(
      names = "--work",
      paramLabel = "FOLDER",
      defaultValue = "/var/tmp",
      description = "on the disk that PostgreSQL is to use (${DEFAULT-VALUE})")
  private Path work = Path.of("/var/tmp");

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "how often each quantity is measured (${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "how long one load lasts (${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--clients",
      defaultValue = "8",
      description = "connections that load comes from (${DEFAULT-VALUE})")
  private int clients;

  @Option(
      names = "--sizes",
      split = ",",
      defaultValue = "1000,10000",
      description = "dataplanes in the mesh (${DEFAULT-VALUE})")
  private List<Integer> sizes = new ArrayList<>();

  @Option(
      names = "--edits",
      defaultValue = "50",
      description = "edits that are timed (${DEFAULT-VALUE})")
  private int edits;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      defaultValue = "sluice-benchmarks.json",
      description = "where the samples go (${DEFAULT-VALUE})")
  private Path json = Path.of("sluice-benchmarks.json");

  private Benchmarks() {}

  /** Runs the command and ends the process. */
  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Benchmarks());
    line.getCommandSpec()
        .usageMessage()
        .footer(
            SCENARIOS.stream()
                .map(scenario -> "  %-14s %s".formatted(scenario.name(), scenario.summary()))
                .toArray(String[]::new));
    System.exit(line.execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    List<Scenario> chosen = chosen();
    Path launcher = agent != null ? agent : builtAgent();
    if (!Files.isExecutable(launcher)) {
      throw new IllegalStateException(
          launcher + " is missing: make it with src/agent/image.sh src/agent/target/image");
    }
    System.setProperty("sluice.agent", launcher.toAbsolutePath().toString());
    Path folder = Files.createTempDirectory(work, "sluice-benchmarks-");
    openToOtherUsers(folder);
    Workbench workbench =
        new Workbench(
            controlPlane != null ? controlPlane : Checkout.find().controlPlane(),
            folder,
            rounds,
            Duration.ofSeconds(seconds),
            clients,
            sizes.stream().sorted().toList(),
            edits,
            System.err::println);
    Report report = new Report(json, System.out::println);
    try {
      for (Scenario scenario : chosen) {
        Machine machine = Machine.now();
        System.err.println(scenario.name() + ": " + scenario.summary());
        report.add(new Report.Entry(scenario.name(), machine, scenario.run(workbench)));
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  private List<Scenario> chosen() {
    List<String> known = SCENARIOS.stream().map(Scenario::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new CommandLine.ParameterException(
            new CommandLine(this), "no scenario " + name + "; there are " + known);
      }
    }
    return SCENARIOS.stream()
        .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
        .toList();
  }

  private static Path builtAgent() {
    return Checkout.find().root().resolve("src/agent/target/image/bin/sluice-agent");
  }

  private static void openToOtherUsers(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
