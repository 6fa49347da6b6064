package io.sluice.agent.drift;

/**
 * When rules may be put back: at once, but ever more seldom while another program keeps changing
 * them.
 */
final class Damping {

  private static final long QUIET_NANOS = 60_000_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final int LONGEST_SECONDS = 300;
  private static final int FIGHT = 3;

  private boolean any;
  private long last;
  private int again;

  /** Nanoseconds from now until rules may be put back; 0 if they may now. */
  long due(long now) {
    calm(now);
    return any ? Math.max(0, last + delay() - now) : 0;
  }

  /** They were put back. */
  void repaired(long now) {
    calm(now);
    again = any ? again + 1 : 0;
    any = true;
    last = now;
  }

  /** Whether another program and this one undo each other's work. */
  boolean fighting(long now) {
    calm(now);
    return any && again >= FIGHT;
  }

  /** How many seconds lie between two attempts now. */
  long delaySeconds() {
    return delay() / SECOND;
  }

  private void calm(long now) {
    if (any && now - last > Math.max(QUIET_NANOS, 2 * delay())) {
      any = false;
      again = 0;
    }
  }

  private long delay() {
    return again == 0 ? 0 : Math.min(1L << Math.min(again - 1, 16), LONGEST_SECONDS) * SECOND;
  }
}
