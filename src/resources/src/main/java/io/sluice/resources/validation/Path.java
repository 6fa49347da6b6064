package io.sluice.resources.validation;

/**
 * A place in a document, written as operators know it from Kuma: {@code
 * networking.inbound[0].tags["kuma.io/service"]}.
 */
public record Path(String text) {

  /** The document itself. */
  public static final Path ROOT = new Path("");

  /** A named field of the mapping at this place. */
  public Path field(String name) {
    return new Path(text.isEmpty() ? name : text + "." + name);
  }

  /** An element of the list at this place. */
  public Path index(int index) {
    return new Path(text + "[" + index + "]");
  }

  /** An entry of the mapping at this place whose keys are the operator's own, such as tags. */
  public Path key(String key) {
    return new Path(text + "[\"" + key + "\"]");
  }

  /** Whether the other place is this one or lies within it. */
  public boolean contains(Path other) {
    if (!other.text.startsWith(text)) {
      return false;
    }
    return text.isEmpty()
        || other.text.length() == text.length()
        || other.text.charAt(text.length()) == '.'
        || other.text.charAt(text.length()) == '[';
  }

  @Override
  public String toString() {
    return text;
  }
}
