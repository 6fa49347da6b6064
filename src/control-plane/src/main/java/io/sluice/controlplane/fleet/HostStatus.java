package io.sluice.controlplane.fleet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one dataplane's host is, as far as its agent has said.
 *
 * @param connected since when the agent has been polling
 * @param disconnected when it was given up, absent while it polls
 * @param changed when anything of the report changed last
 */
public record HostStatus(
    Instant connected, @Nullable Instant disconnected, Instant changed, StatusReport report) {

  /** Whether the agent is polling some replica, and has not said that it ends. */
  public boolean isOnline() {
    return disconnected == null && !report.saysGoodbye();
  }

  HostStatus reporting(StatusReport next, Instant now) {
    return next.equals(report) ? this : new HostStatus(connected, disconnected, now, next);
  }
}
