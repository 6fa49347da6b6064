package io.sluice.agent.doctor;

/**
 * What a check found.
 *
 * @param check its name, such as {@code kernel.conntrack}
 * @param says one line
 * @param remedy what to do; empty when there is nothing to do
 */
public record Finding(String check, Grade grade, String says, String remedy) {

  /** How it is. */
  public enum Grade {
    /** As it should be. */
    OK,
    /** It works, and somebody should look at it. */
    WARNING,
    /** Something does not work. */
    WRONG;

    /** As printed. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Keeps each text on one line. */
  public Finding {
    says = line(says);
    remedy = line(remedy);
  }

  static Finding ok(String check, String says) {
    return new Finding(check, Grade.OK, says, "");
  }

  static Finding warning(String check, String says, String remedy) {
    return new Finding(check, Grade.WARNING, says, remedy);
  }

  static Finding wrong(String check, String says, String remedy) {
    return new Finding(check, Grade.WRONG, says, remedy);
  }

  /** As a line for people. */
  public String text() {
    return "%-8s%s: %s%s"
        .formatted(grade.text(), check, says, remedy.isEmpty() ? "" : " | " + remedy);
  }

  private static String line(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
