package io.sluice.controlplane.security;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash under which secrets are compared and kept. */
final class Sha256 {

  private Sha256() {}

  static byte[] of(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
