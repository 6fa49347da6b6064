package io.sluice.agent.probe;

import io.sluice.agent.bundle.ServiceProbe;
import io.sluice.agent.host.Log;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Connects to the applications of this host, as often as the bundle in force says, from one thread.
 * The connects are the agent's own and so captured by no rule.
 */
public final class Probes {

  private static final long LONGEST_WAIT_NANOS = 60_000_000_000L;
  private static final long PAUSE_MILLIS = 1_000;

  private final Runnable changed;
  private final Log log;
  private final Selector selector;
  private final Map<String, Target> targets = new TreeMap<>();
  private SortedMap<String, Boolean> found = new TreeMap<>();

  /**
   * Nothing is probed yet.
   *
   * @param changed is told when {@link #found} has changed
   */
  public Probes(Runnable changed, Log log) throws IOException {
    this.changed = changed;
    this.log = log;
    this.selector = Selector.open();
  }

  /** From now on these are probed, by the listener of their inbound; those that stay go on. */
  public synchronized void follow(SortedMap<String, ServiceProbe> wanted) {
    targets.forEach(
        (listener, target) -> {
          if (!wanted.containsKey(listener)) {
            target.abandon();
          }
        });
    targets.keySet().retainAll(wanted.keySet());
    wanted.forEach(
        (listener, probe) ->
            targets.computeIfAbsent(listener, l -> new Target(probe)).follow(probe));
    found.keySet().retainAll(wanted.keySet());
    selector.wakeup();
  }

  /** Whether the application takes connections, by listener; without those not known yet. */
  public synchronized SortedMap<String, Boolean> found() {
    return new TreeMap<>(found);
  }

  /** Probes until the thread is interrupted. */
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          round();
        } catch (IOException | RuntimeException | Error e) {
          log.error("probes-failed", Log.Key.REASON, e.toString());
          Thread.sleep(PAUSE_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() throws IOException {
    long wait;
    boolean news;
    synchronized (this) {
      long now = System.nanoTime();
      long next = now + LONGEST_WAIT_NANOS;
      for (Target target : targets.values()) {
        target.tend(selector);
        next = target.dueAt() - next < 0 ? target.dueAt() : next;
      }
      news = look();
      // At least one: zero would mean to wait for ever.
      wait = Math.max(1, (next - System.nanoTime() + 999_999) / 1_000_000);
    }
    if (news) {
      changed.run();
    }
    selector.select(wait);
    synchronized (this) {
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.attachment() instanceof Target target) {
          target.connected();
        }
      }
      selector.selectedKeys().clear();
    }
  }

  private boolean look() {
    SortedMap<String, Boolean> now = new TreeMap<>();
    targets.forEach(
        (listener, target) -> target.ready().ifPresent(ready -> now.put(listener, ready)));
    boolean news = !now.equals(found);
    found = now;
    return news;
  }
}
