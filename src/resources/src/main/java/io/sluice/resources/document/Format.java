package io.sluice.resources.document;

/** The two ways in which a document is written down. */
public enum Format {
  YAML,
  JSON
}
