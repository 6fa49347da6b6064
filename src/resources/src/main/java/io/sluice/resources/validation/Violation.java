package io.sluice.resources.validation;

/**
 * One thing that keeps a document from being accepted.
 *
 * @param field where, as a path from the document's root, such as {@code
 *     networking.inbound[0].port}
 * @param reason what is wrong there, the value that stands there and what is allowed
 */
public record Violation(String field, String reason) {

  @Override
  public String toString() {
    return field.isEmpty() ? reason : field + ": " + reason;
  }
}
