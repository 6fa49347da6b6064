package io.sluice.benchmarks.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Everything that a run measured. It is written anew after each scenario, so that none is lost. */
public final class Report {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path file;
  private final Consumer<String> out;
  private final List<Entry> entries = new ArrayList<>();

  /** What one scenario measured, and under which load it began. */
  public record Entry(String scenario, Machine machine, List<Series> series) {

    /** Copies the list. */
    public Entry {
      series = List.copyOf(series);
    }
  }

  /**
   * A report without entries.
   *
   * @param file where its JSON goes
   * @param out takes lines of the table
   */
  public Report(Path file, Consumer<String> out) {
    this.file = file;
    this.out = out;
  }

  /** Adds what a scenario measured: prints its table and writes the file. */
  public void add(Entry entry) {
    entries.add(entry);
    JSON.writeValue(file, entries);
    out.accept("");
    out.accept(
        String.format(
            Locale.ROOT,
            "%s (load average before: %.2f on %d processors)",
            entry.scenario(),
            entry.machine().load(),
            entry.machine().processors()));
    out.accept(
        String.format(
            "  %-52s %10s %10s %10s %10s  %-4s %s",
            "", "median", "least", "most", "p99", "n", "target"));
    entry.series().forEach(series -> out.accept(row(series)));
  }

  private static String row(Series series) {
    return String.format(
        "  %-52s %10s %10s %10s %10s  %-4d %s",
        series.subject() + ", " + series.unit(),
        number(series.median()),
        number(series.min()),
        number(series.max()),
        series.samples().size() < 20 ? "" : number(series.percentile(99)),
        series.samples().size(),
        series.target().map(target -> verdict(target, series)).orElse(""));
  }

  private static String verdict(Target target, Series series) {
    return target.direction().sign()
        + " "
        + number(target.bound())
        + (series.reached() ? " reached" : " MISSED");
  }

  private static String number(double value) {
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
  }
}
