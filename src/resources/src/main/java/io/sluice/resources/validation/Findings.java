package io.sluice.resources.validation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Gathers all that is to be said about one document, in the order in which it was found. The same
 * thing found twice is said once. Nobody reads more than the first thousand, and an answer has to
 * end somewhere: what comes after them is not kept.
 */
public final class Findings {

  private static final int KEPT = 1000;

  private final Set<Violation> violations = new LinkedHashSet<>();
  private final Set<Warning> warnings = new LinkedHashSet<>();

  /** The document can't be accepted. */
  public void violation(Path at, String reason) {
    if (!isFull()) {
      violations.add(new Violation(at.text(), reason));
    }
  }

  /** The document is accepted, and this is worth saying. */
  public void warning(Path at, String reason) {
    if (warnings.size() < KEPT) {
      warnings.add(new Warning(at.text(), reason));
    }
  }

  /** Whether a further violation would not be kept, so that none need be worked out. */
  public boolean isFull() {
    return violations.size() >= KEPT;
  }

  public List<Violation> violations() {
    return new ArrayList<>(violations);
  }

  public List<Warning> warnings() {
    return new ArrayList<>(warnings);
  }
}
