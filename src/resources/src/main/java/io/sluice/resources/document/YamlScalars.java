package io.sluice.resources.document;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a plain YAML scalar means. Where YAML 1.1 and 1.2 disagree ({@code yes}, {@code 010}, {@code
 * 0x1f}, {@code 12:30}) the scalar stays the text that stands there, so that no reader's guess
 * changes a value: a field that needs a number or a truth value then refuses it.
 */
final class YamlScalars {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)");
  private static final Pattern FRACTION =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  /** What readers of YAML 1.1 take for something other than text. */
  private static final Pattern NOT_TEXT_ELSEWHERE =
      Pattern.compile(
          "|~|null|Null|NULL|[yYnN]|(?i:yes|no|on|off|true|false)|<<|="
              + "|[-+]?(0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*(:[0-5]?[0-9])*(\\.[0-9_]*)?)"
              + "|[-+]?([0-9][0-9_]*)?\\.?[0-9][0-9_]*([eE][-+]?[0-9]+)?"
              + "|[-+]?\\.(?i:inf)|\\.(?i:nan)"
              + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \\t].*)?");

  private YamlScalars() {}

  static JsonNode resolve(ScalarEvent scalar) {
    String text = scalar.getValue();
    if (!scalar.isPlain()) {
      return NODES.stringNode(text);
    }
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> NODES.nullNode();
      case "true", "True", "TRUE" -> NODES.booleanNode(true);
      case "false", "False", "FALSE" -> NODES.booleanNode(false);
      default -> number(text);
    };
  }

  static boolean isMergeKey(Event event) {
    return event instanceof ScalarEvent scalar
        && scalar.isPlain()
        && scalar.getValue().equals("<<");
  }

  /** Whether a text must stand in quotes, so that every reader takes it for text. */
  static boolean needsQuotes(String text) {
    return NOT_TEXT_ELSEWHERE.matcher(text).matches();
  }

  private static JsonNode number(String text) {
    if (text.length() > Limits.NUMBER_LENGTH) {
      return NODES.stringNode(text);
    }
    if (INTEGER.matcher(text).matches()) {
      BigInteger integer = new BigInteger(text);
      return integer.bitLength() < Integer.SIZE
          ? NODES.numberNode(integer.intValue())
          : integer.bitLength() < Long.SIZE
              ? NODES.numberNode(integer.longValue())
              : NODES.numberNode(integer);
    }
    if (FRACTION.matcher(text).matches()) {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? NODES.numberNode(value) : NODES.stringNode(text);
    }
    return NODES.stringNode(text);
  }
}
