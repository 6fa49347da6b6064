package io.sluice.controlplane.discovery;

import java.time.Duration;

/** Time that only goes on: no clock of a host, which somebody may set, decides who is away. */
@FunctionalInterface
interface Ticker {

  /** Nanoseconds since some moment. */
  long nanos();

  /** The moment that is so much later than now. */
  default long in(Duration span) {
    return nanos() + span.toNanos();
  }

  /** Whether a moment is over. */
  default boolean isOver(long moment) {
    return nanos() - moment >= 0;
  }
}
