package io.sluice.benchmarks.report;

/**
 * What a median is meant to reach.
 *
 * @param bound in the unit of the series
 */
public record Target(Direction direction, double bound) {

  /** On which side of the bound the good values are. */
  public enum Direction {
    AT_LEAST("≥"),
    AT_MOST("≤");

    private final String sign;

    Direction(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }

  /** No more than this. */
  public static Target atMost(double bound) {
    return new Target(Direction.AT_MOST, bound);
  }

  /** No less than this. */
  public static Target atLeast(double bound) {
    return new Target(Direction.AT_LEAST, bound);
  }

  /** Whether a value is good. */
  public boolean reachedBy(double value) {
    return switch (direction) {
      case AT_LEAST -> value >= bound;
      case AT_MOST -> value <= bound;
    };
  }
}
