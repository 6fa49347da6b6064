package io.sluice.resources.validation;

/**
 * One thing in an accepted document that does not do what its writer may expect.
 *
 * @param field where, as a path from the document's root
 * @param reason what happens instead
 */
public record Warning(String field, String reason) {

  @Override
  public String toString() {
    return field.isEmpty() ? reason : field + ": " + reason;
  }
}
