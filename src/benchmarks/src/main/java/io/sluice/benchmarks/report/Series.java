package io.sluice.benchmarks.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Samples of one quantity.
 *
 * @param subject what was measured, such as {@code PUT at 1,000 dataplanes}
 * @param unit such as {@code /s}, {@code ms}, {@code MB}; {@code x} for a ratio
 * @param samples in the order they were taken, one at least
 * @param target what the median is meant to reach
 */
public record Series(String subject, String unit, List<Double> samples, Optional<Target> target) {

  /** Copies the samples. */
  public Series {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured: " + subject);
    }
  }

  /** Samples without a target. */
  public static Series of(String subject, String unit, List<Double> samples) {
    return new Series(subject, unit, samples, Optional.empty());
  }

  /** A single value. */
  public static Series of(String subject, String unit, double value) {
    return of(subject, unit, List.of(value));
  }

  /** The same samples, with what their median is meant to reach. */
  public Series withTarget(Target wanted) {
    return new Series(subject, unit, samples, Optional.of(wanted));
  }

  /** The middle sample, or the mean of the two in the middle. */
  public double median() {
    double[] sorted = sorted();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The smallest sample that at least this share of the samples do not exceed (nearest rank). */
  public double percentile(double percent) {
    double[] sorted = sorted();
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(rank, 1) - 1];
  }

  /** The smallest sample. */
  public double min() {
    return sorted()[0];
  }

  /** The largest sample. */
  public double max() {
    return sorted()[samples.size() - 1];
  }

  /** Whether the median reaches the target; true without one. */
  public boolean reached() {
    return target.map(wanted -> wanted.reachedBy(median())).orElse(true);
  }

  private double[] sorted() {
    double[] sorted = samples.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}
