package io.sluice.agent.protocol;

import java.util.random.RandomGenerator;

/** Delays that double from 1 s to 30 s, each with up to a half of it left out at random. */
public final class Backoff {

  private static final int LONGEST_SECONDS = 30;

  private final RandomGenerator random;
  private int failures;

  /** Delays with this randomness. */
  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The delay after one more failure, in milliseconds. */
  public long next() {
    long most = Math.min(LONGEST_SECONDS, 1L << Math.min(failures, 5)) * 1000;
    failures++;
    return most / 2 + random.nextLong(most / 2 + 1);
  }

  /** Something succeeded. */
  public void reset() {
    failures = 0;
  }
}
