package io.sluice.agent;

/** What the process ends with; {@code --help} tells them too. */
final class ExitCode {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** Of plan alone: the host is not as the bundle says. */
  static final int DIFFERENT = 2;

  static final int REFUSED = 3;
  static final int HELD = 4;

  private ExitCode() {}
}
