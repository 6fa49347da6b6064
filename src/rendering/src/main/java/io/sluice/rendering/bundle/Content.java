package io.sluice.rendering.bundle;

import java.nio.charset.StandardCharsets;

/** What a file of a bundle holds. One object stands in all bundles that have the file. */
public final class Content implements Node {

  private final Digest digest;
  private final byte[] bytes;

  private Content(byte[] bytes) {
    this.digest = Digest.of(bytes);
    this.bytes = bytes;
  }

  /** This text in UTF-8. */
  public static Content of(String text) {
    return new Content(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Digest digest() {
    return digest;
  }

  /** The bytes. The array is shared: not to be written to. */
  public byte[] bytes() {
    return bytes;
  }

  /** The bytes as text. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return digest + " (" + bytes.length + " bytes)";
  }
}
