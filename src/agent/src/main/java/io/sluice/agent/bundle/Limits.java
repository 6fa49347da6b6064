package io.sluice.agent.bundle;

import java.util.regex.Pattern;

/** The bounds of docs/bundle.md: whoever sends more is refused before it costs memory or disk. */
public final class Limits {

  /** Files of a bundle, and in the same way its folders. */
  public static final int FILES = 65_536;

  /** Bytes of one file. */
  public static final int FILE_BYTES = 4 << 20;

  /** Bytes of one manifest: the longest line is 194 bytes, a usual one under 120. */
  public static final int MANIFEST_BYTES = 16 << 20;

  /** Bytes of all files of a bundle. */
  public static final long BUNDLE_BYTES = 256L << 20;

  static final int DEPTH = 8;

  static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,126}");

  private Limits() {}
}
