package io.sluice.controlplane.start;

/** Something outside the program keeps it from starting; the message says what, and the remedy. */
public final class StartFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private final String remedy;

  public StartFailure(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  public StartFailure(String message, String remedy, Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /** What an operator can do about it. */
  public String remedy() {
    return remedy;
  }
}
