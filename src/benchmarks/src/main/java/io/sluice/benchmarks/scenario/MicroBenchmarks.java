package io.sluice.benchmarks.scenario;

import io.sluice.benchmarks.Scenario;
import io.sluice.benchmarks.Workbench;
import io.sluice.benchmarks.micro.EditSteps;
import io.sluice.benchmarks.micro.EndpointSteps;
import io.sluice.benchmarks.report.Series;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The steps of an edit, each by itself, by JMH. */
public final class MicroBenchmarks implements Scenario {

  /** The compiler that the control plane's launcher asks for. */
  private static final String COMPILER = "-XX:TieredStopAtLevel=1";

  @Override
  public String name() {
    return "steps";
  }

  @Override
  public String summary() {
    return "JMH: reading, validating, rendering and writing one dataplane; an endpoint of 10,000";
  }

  @Override
  public List<Series> run(Workbench workbench) throws IOException {
    try {
      Collection<RunResult> results =
          new Runner(
                  new OptionsBuilder()
                      .include(EditSteps.class.getName())
                      .include(EndpointSteps.class.getName())
                      .jvmArgsAppend(COMPILER)
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .run();
      return results.stream().map(MicroBenchmarks::series).toList();
    } catch (RunnerException e) {
      throw new IOException(e);
    }
  }

  private static Series series(RunResult result) {
    List<Double> samples =
        result.getBenchmarkResults().stream()
            .flatMap(fork -> fork.getIterationResults().stream())
            .map(iteration -> iteration.getPrimaryResult().getScore())
            .toList();
    return Series.of(result.getPrimaryResult().getLabel(), "µs", samples);
  }
}
