package io.sluice.rendering.bundle;

/** What stands in a folder of a bundle under some name. Equal ones have equal digests. */
public sealed interface Node permits Content, Folder {

  /** The SHA-256 of the content, or of the folder's manifest. */
  Digest digest();
}
