package io.sluice.agent.bundle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of some bytes.
 *
 * @param hex 64 digits in lower case
 */
public record Digest(String hex) implements Comparable<Digest> {

  /** Refuses anything but a SHA-256 in lower-case hex. */
  public Digest {
    if (!isDigest(hex)) {
      throw new IllegalArgumentException("not a SHA-256 in lower-case hex: " + hex);
    }
  }

  /** Whether a text is a SHA-256 in lower-case hex. */
  public static boolean isDigest(String text) {
    return text.length() == 64
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /** The digest of a content. */
  public static Digest of(byte[] content) {
    return of(sha256(), content);
  }

  /** The digest of what was given to a {@link #sha256()} and this rest; resets it. */
  static Digest of(MessageDigest sha256, byte[] rest) {
    return new Digest(HexFormat.of().formatHex(sha256.digest(rest)));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The first 16 digits: enough for a log line or a version. */
  public String brief() {
    return hex.substring(0, 16);
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
