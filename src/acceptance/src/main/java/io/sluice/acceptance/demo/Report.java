package io.sluice.acceptance.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the demo tells, and what came of its checks. */
final class Report {

  private record Check(String claim, boolean holds) {}

  private final PrintStream out;
  private final long started = System.nanoTime();
  private final List<Check> checks = new ArrayList<>();

  Report(PrintStream out) {
    this.out = out;
  }

  /** Something was done; with the time since the start. */
  void done(String what) {
    out.printf("  %6.1f s  %s%n", elapsed().toMillis() / 1000.0, what);
  }

  /** A part of the demo begins. */
  void heading(String title) {
    out.printf("%n%s%n", title);
  }

  /** Something that was seen: what it is, and what it says. */
  void seen(String what, Object evidence) {
    out.printf("    %-34s %s%n", what, evidence);
  }

  /** Something that must hold, judged by what was seen above it. */
  void check(String claim, boolean holds) {
    checks.add(new Check(claim, holds));
    out.printf("    %s %s%n", holds ? "✓" : "✗", claim);
  }

  /** A line as it is. */
  void line(String text) {
    out.println(text);
  }

  /** The table of all checks. */
  void summary() {
    heading("Summary");
    for (Check check : checks) {
      out.printf("  %-4s %s%n", check.holds() ? "ok" : "FAIL", check.claim());
    }
    long failed = checks.stream().filter(check -> !check.holds()).count();
    out.printf(
        "%n%d checks, %d failed, %.1f s%n", checks.size(), failed, elapsed().toMillis() / 1000.0);
  }

  /** Whether everything that was checked holds. */
  boolean allHold() {
    return checks.stream().allMatch(Check::holds);
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }
}
