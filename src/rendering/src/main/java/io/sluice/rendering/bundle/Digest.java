package io.sluice.rendering.bundle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of some bytes.
 *
 * @param hex 64 digits in lower case
 */
public record Digest(String hex) implements Comparable<Digest> {

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  /** Refuses anything but a SHA-256 in lower-case hex. */
  public Digest {
    if (!FORM.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a SHA-256 in lower-case hex: " + hex);
    }
  }

  /** The digest of a content. */
  public static Digest of(byte[] content) {
    try {
      return new Digest(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
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
