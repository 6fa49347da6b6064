package io.sluice.resources.virtualoutbound;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text in which {@code {{.name}}} stands for a parameter's value: the part of Go's {@code
 * text/template} that Kuma documents for this place. White space may stand inside the braces as in
 * Go. Anything more is an error with its place.
 */
public final class Template {

  private static final String OPENING = "{{";
  private static final String CLOSING = "}}";

  /** The white space is that of Go's lexer. */
  private static final Pattern REFERENCE =
      Pattern.compile("[ \\t\\r\\n]*\\.([A-Za-z_][A-Za-z0-9_]*)[ \\t\\r\\n]*");

  private final List<Part> parts;

  private Template(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  private sealed interface Part {

    record Literal(String text) implements Part {}

    record Reference(String parameter) implements Part {}
  }

  /** A text that is no template that is understood here. */
  public static final class Malformed extends Exception {

    private static final long serialVersionUID = 1;

    Malformed(String text, int at, String reason) {
      super(
          "character %d, %s: %s; a template is text and {{.name}} for the value of a parameter"
              .formatted(text.codePointCount(0, at) + 1, brief(text.substring(at)), reason));
    }

    private static String brief(String rest) {
      int end = rest.indexOf(CLOSING);
      String part = end < 0 ? rest : rest.substring(0, end + CLOSING.length());
      return "\"" + (part.length() > 40 ? part.substring(0, 40) + "…" : part) + "\"";
    }
  }

  /** Reads a template. */
  public static Template parse(String text) throws Malformed {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int opening = text.indexOf(OPENING, from);
      if (opening < 0) {
        parts.add(new Part.Literal(text.substring(from)));
        break;
      }
      if (opening > from) {
        parts.add(new Part.Literal(text.substring(from, opening)));
      }
      int closing = text.indexOf(CLOSING, opening + OPENING.length());
      if (closing < 0) {
        throw new Malformed(text, opening, "the braces are not closed");
      }
      String inside = text.substring(opening + OPENING.length(), closing);
      Matcher reference = REFERENCE.matcher(inside);
      if (!reference.matches()) {
        throw new Malformed(text, opening, reason(inside));
      }
      parts.add(new Part.Reference(reference.group(1)));
      from = closing + CLOSING.length();
    }
    return new Template(parts);
  }

  private static String reason(String inside) {
    if (inside.isBlank()) {
      return "no parameter is named";
    }
    if (inside.strip().matches("[A-Za-z_][A-Za-z0-9_]*")) {
      return "a dot is missing before the parameter's name";
    }
    return "pipes, functions, conditions, comments and trim markers are not understood";
  }

  /** The parameters that it refers to. */
  public SortedSet<String> parameters() {
    SortedSet<String> parameters = new TreeSet<>();
    for (Part part : parts) {
      if (part instanceof Part.Reference(String parameter)) {
        parameters.add(parameter);
      }
    }
    return parameters;
  }

  /**
   * The text with values in the places of parameters.
   *
   * @param values of all {@link #parameters}
   */
  public String fill(Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Part.Literal(String literal) -> text.append(literal);
        case Part.Reference(String parameter) -> {
          String value = values.get(parameter);
          if (value == null) {
            throw new IllegalArgumentException("no value for " + parameter);
          }
          text.append(value);
        }
      }
    }
    return text.toString();
  }
}
