package io.sluice.agent.firewall;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rules of ours as the kernel showed them after they were loaded last, and whether it still does:
 * what differs is drift.
 */
final class Standing {

  private static final String CHANGED_AT_ONCE = "changed before they could be read\n";

  private final KernelRules kernel;
  private final Ledger ledger;
  private volatile long seenAt = System.nanoTime();

  Standing(KernelRules kernel, Ledger ledger) {
    this.kernel = kernel;
    this.ledger = ledger;
  }

  /** Whether live rules are what the kernel showed after a text of this digest was loaded. */
  boolean isOf(Optional<String> source, IpFamily family, LiveRules live) {
    return ledger.source(family).equals(source)
        && ledger.standing(family).equals(Optional.of(fingerprint(live)));
  }

  private static String fingerprint(LiveRules live) {
    return Ledger.digest(live.extract().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Notes what the kernel shows of rules that were loaded; it is durable when the ledger is
   * written.
   *
   * @return whether it shows what was loaded: what somebody else has changed already is not what is
   *     expected from here on
   */
  boolean note(IpFamily family, String source, Rules loaded, LiveRules shown) throws IOException {
    boolean asLoaded = shown.ours().shape().equals(loaded.shape());
    ledger.installed(family, source, asLoaded ? shown.extract() : CHANGED_AT_ONCE);
    return asLoaded;
  }

  /** The kernel was asked then, by {@link System#nanoTime}, and showed what was loaded. */
  void seen(long asked) {
    seenAt = asked;
  }

  /** When the kernel was last asked and showed what was loaded, by {@link System#nanoTime}. */
  long seenAt() {
    return seenAt;
  }

  /** Where rules differ from what the kernel showed after they were loaded last. */
  List<Deviation> deviations() throws IOException {
    long asked = System.nanoTime();
    List<Deviation> deviations = new ArrayList<>();
    for (IpFamily family : kernel.families()) {
      Optional<String> expected = ledger.standing(family);
      if (expected.isPresent()) {
        LiveRules live = kernel.live(family);
        if (!expected.get().equals(fingerprint(live))) {
          deviations.add(new Deviation(family, baseline(family), live.extract()));
        }
      }
    }
    if (deviations.isEmpty()) {
      seen(asked);
    }
    return deviations;
  }

  private Optional<String> baseline(IpFamily family) throws IOException {
    return ledger.baseline(family).filter(text -> !text.equals(CHANGED_AT_ONCE));
  }
}
