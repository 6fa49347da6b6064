package io.sluice.rendering.bundle;

/**
 * A dataplane is valid, and yet no host can be configured by it. The message names the field and
 * the remedy and is meant for the operator.
 */
public final class UnrenderableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String field;
  private final String reason;

  /**
   * A refusal.
   *
   * @param field the path of the field in the dataplane
   * @param reason what is wrong with its value, and what helps
   */
  public UnrenderableException(String field, String reason) {
    super(field + ": " + reason);
    this.field = field;
    this.reason = reason;
  }

  /** The path of the field in the dataplane, such as {@code networking.address}. */
  public String field() {
    return field;
  }

  /** What is wrong with the field's value, and what helps. */
  public String reason() {
    return reason;
  }
}
