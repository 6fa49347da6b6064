package io.sluice.resources.document;

import tools.jackson.databind.JsonNode;

/** How a value of a document is named in a message: short, and with its kind. */
public final class Shown {

  private static final int LONGEST = 80;

  private Shown() {}

  /** A scalar as it stands in JSON, a mapping or list by its kind alone. */
  public static String of(JsonNode value) {
    if (value.isObject()) {
      return "a mapping";
    }
    if (value.isArray()) {
      return "a list";
    }
    return value.isString() ? of(value.stringValue()) : shortened(value.toString());
  }

  /** A text in quotes. */
  public static String of(String text) {
    return "\"" + shortened(text) + "\"";
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
