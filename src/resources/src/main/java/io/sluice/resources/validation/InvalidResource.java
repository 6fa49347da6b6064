package io.sluice.resources.validation;

import java.util.List;
import java.util.stream.Collectors;

/** A document that could be read but does not describe a valid resource. */
public final class InvalidResource extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<Violation> violations;

  /** All violations that were found, at least one. */
  public InvalidResource(List<Violation> violations) {
    super(violations.stream().map(Violation::toString).collect(Collectors.joining("; ")));
    this.violations = List.copyOf(violations);
  }

  public List<Violation> violations() {
    return violations;
  }
}
