package io.sluice.agent;

/** The command line, the environment or the configuration file asks for something that is not. */
final class UsageException extends Exception {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
