package io.sluice.agent.bundle;

/**
 * What the control plane sent must not, or can't, be applied. It is not tried again until it
 * changes; the message is the reason that operators see.
 */
public class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** A refusal for this reason. */
  public RefusedException(String reason) {
    super(reason);
  }

  /** The reason as one line of at most 1,000 characters. */
  public String reason() {
    String line = String.valueOf(getMessage()).replaceAll("\\s+", " ").strip();
    return line.length() <= 1000 ? line : line.substring(0, 1000);
  }
}
