package io.sluice.resources.validation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Gathers all that is to be said about one document, in the order in which it was found. The same
 * thing found twice is said once.
 */
public final class Findings {

  private final Set<Violation> violations = new LinkedHashSet<>();
  private final Set<Warning> warnings = new LinkedHashSet<>();

  /** The document can't be accepted. */
  public void violation(Path at, String reason) {
    violations.add(new Violation(at.text(), reason));
  }

  /** The document is accepted, and this is worth saying. */
  public void warning(Path at, String reason) {
    warnings.add(new Warning(at.text(), reason));
  }

  public List<Violation> violations() {
    return new ArrayList<>(violations);
  }

  public List<Warning> warnings() {
    return new ArrayList<>(warnings);
  }
}
