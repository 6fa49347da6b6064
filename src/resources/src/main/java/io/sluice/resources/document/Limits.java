package io.sluice.resources.document;

/** How much one body may ask of the reader. The largest sensible resource stays far below. */
final class Limits {

  /** Bytes of a body. */
  static final int BYTES = 1024 * 1024;

  /** How deep mappings and lists nest, aliases resolved. */
  static final int DEPTH = 64;

  /** Mappings, lists and scalars of a body, aliases resolved. */
  static final int NODES = 100_000;

  /** Characters of a number. */
  static final int NUMBER_LENGTH = 40;

  private Limits() {}
}
