package io.sluice.benchmarks.running;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords of programs that live as long as a run. */
final class Secrets {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  static String random() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
