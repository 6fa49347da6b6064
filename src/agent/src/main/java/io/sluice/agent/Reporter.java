package io.sluice.agent;

import io.sluice.agent.host.Log;
import io.sluice.agent.protocol.ControlPlane;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reports the host's status: every change at once, and the same again every 30 s. */
final class Reporter {

  private static final long EVERY_MILLIS = 30_000;
  private static final long LAST_MILLIS = 3_000;

  private final ControlPlane controlPlane;
  private final Log log;
  private @Nullable Map<String, String> next;
  private Map<String, String> last = Map.of();
  private final Object sending = new Object();
  private boolean failing;
  private boolean ended;

  Reporter(ControlPlane controlPlane, Log log) {
    this.controlPlane = controlPlane;
    this.log = log;
  }

  /** Takes a status to report; only the newest is of interest. */
  synchronized void offer(Map<String, String> status) {
    if (!status.equals(last)) {
      next = new TreeMap<>(status);
      notifyAll();
    }
  }

  /** Reports until the thread is interrupted. */
  void run() {
    try {
      while (true) {
        send(take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Map<String, String> take() throws InterruptedException {
    // Not by the wall clock: one that is set back would silence the reports for as long.
    long end = System.nanoTime() + EVERY_MILLIS * 1_000_000;
    for (long left = EVERY_MILLIS;
        next == null && left > 0;
        left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    Map<String, String> taken = Optional.ofNullable(next).orElse(last);
    next = null;
    last = taken;
    return taken;
  }

  /** Reports now, for a process that ends after it. */
  void send(Map<String, String> status) {
    synchronized (sending) {
      if (!ended && !status.isEmpty()) {
        tell(status);
      }
    }
  }

  /** Reports for the last time, and waits for the answer no longer than a few seconds. */
  void end(Map<String, String> status) {
    Thread last =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  synchronized (sending) {
                    // What was offered before must not come after it.
                    ended = true;
                    tell(status);
                  }
                });
    try {
      last.join(LAST_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Map<String, String> status) {
    try {
      controlPlane.report(status);
      failing = false;
    } catch (IOException | RuntimeException | Error e) {
      if (!failing) {
        log.warn("report-failed", Log.Key.REASON, e.toString());
      }
      failing = true;
      synchronized (this) {
        // The next look at the host offers it again.
        last = Map.of();
      }
    }
  }
}
