package io.sluice.benchmarks.load;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What agents have received since a moment. */
public final class Receipts {

  private final long since = System.nanoTime();
  private final Predicate<String> expected;
  private final CountDownLatch missing;
  private final ConcurrentMap<String, Receipt> byAgent = new ConcurrentHashMap<>();

  Receipts(int expected, Predicate<String> names) {
    this.expected = names;
    this.missing = new CountDownLatch(expected);
  }

  /**
   * What one agent has received.
   *
   * @param expected whether it is one that was expected to
   * @param packs how many
   * @param bytes of all of them
   * @param millis when it had read the first
   */
  public record Receipt(boolean expected, int packs, long bytes, double millis) {}

  void add(String agent, long bytes) {
    double millis = (System.nanoTime() - since) / 1e6;
    boolean wanted = expected.test(agent);
    Receipt now =
        byAgent.merge(
            agent,
            new Receipt(wanted, 1, bytes, millis),
            (first, next) ->
                new Receipt(wanted, first.packs() + 1, first.bytes() + bytes, first.millis()));
    if (wanted && now.packs() == 1) {
      missing.countDown();
    }
  }

  /** Waits until all who were expected to have received something; whether they have. */
  public boolean await(Duration limit) throws InterruptedException {
    return missing.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many of those are still missing. */
  public long missing() {
    return missing.getCount();
  }

  /** Of those who were expected to receive something. */
  public List<Receipt> expected() {
    return byAgent.values().stream().filter(Receipt::expected).toList();
  }

  /** Of those who should have received nothing. */
  public List<Receipt> unexpected() {
    return byAgent.values().stream().filter(receipt -> !receipt.expected()).toList();
  }
}
