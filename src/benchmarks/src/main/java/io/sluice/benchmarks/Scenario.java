package io.sluice.benchmarks;

import io.sluice.benchmarks.report.Series;
import java.io.IOException;
import java.util.List;

/** One way to measure, with everything it needs started and ended by itself. */
public interface Scenario {

  /** The name on the command line. */
  String name();

  /** What it measures, in one line. */
  String summary();

  /**
   * Measures.
   *
   * @throws IOException when something that is measured fails
   */
  List<Series> run(Workbench workbench) throws IOException;
}
