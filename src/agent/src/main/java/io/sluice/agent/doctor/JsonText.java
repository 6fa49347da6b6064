package io.sluice.agent.doctor;

import java.util.Map;

/** Objects of strings, booleans and lists as JSON (RFC 8259); the JDK has no writer of it. */
public final class JsonText {

  private JsonText() {}

  /**
   * A value as JSON.
   *
   * @param value a string, a boolean, a list of values or a map of them by name
   */
  public static String of(Object value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(Object value, StringBuilder text) {
    switch (value) {
      case String string -> string(string, text);
      case Boolean truth -> text.append(truth.booleanValue());
      case Iterable<?> list -> {
        String separator = "[";
        for (Object item : list) {
          text.append(separator);
          write(item, text);
          separator = ",";
        }
        text.append(separator.equals("[") ? "[]" : "]");
      }
      case Map<?, ?> object -> {
        String separator = "{";
        for (Map.Entry<?, ?> member : object.entrySet()) {
          text.append(separator);
          string(String.valueOf(member.getKey()), text);
          text.append(':');
          write(java.util.Objects.requireNonNull(member.getValue()), text);
          separator = ",";
        }
        text.append(separator.equals("{") ? "{}" : "}");
      }
      default -> throw new IllegalArgumentException("not for JSON: " + value.getClass());
    }
  }

  private static void string(String string, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        // Also a half of a pair that has lost its other half is written so.
        text.append("\\u").append(java.util.HexFormat.of().toHexDigits(c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
