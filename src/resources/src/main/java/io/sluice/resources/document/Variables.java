package io.sluice.resources.document;

import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.InvalidResource;
import io.sluice.resources.validation.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts values in place of {@code {{name}}} in a document's texts. It works on the tree, never on
 * the text of the document, so that a value can't add fields. A value that stands where a number is
 * expected may be one: numbers may be written as texts.
 */
public final class Variables {

  private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([^{}]*?)\\s*}}");

  private static final Pattern PLAIN_KEY = Pattern.compile("\\w+");

  private final Map<String, String> values;
  private final Findings findings = new Findings();

  private Variables(Map<String, String> values) {
    this.values = values;
  }

  /**
   * The document with all variables replaced; the given tree stays as it is.
   *
   * @throws InvalidResource naming every variable that has no value
   */
  public static ObjectNode substitute(ObjectNode document, Map<String, String> values) {
    Variables variables = new Variables(values);
    ObjectNode result = variables.mapping(document, Path.ROOT);
    if (!variables.findings.violations().isEmpty()) {
      throw new InvalidResource(variables.findings.violations());
    }
    return result;
  }

  private JsonNode replaced(JsonNode node, Path at) {
    return switch (node) {
      case ObjectNode mapping -> mapping(mapping, at);
      case ArrayNode list -> list(list, at);
      default ->
          node.isString()
              ? JsonNodeFactory.instance.stringNode(text(node.stringValue(), at))
              : node;
    };
  }

  private ObjectNode mapping(ObjectNode mapping, Path at) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : mapping.properties()) {
      String key = entry.getKey();
      Path field = PLAIN_KEY.matcher(key).matches() ? at.field(key) : at.key(key);
      result.set(key, replaced(entry.getValue(), field));
    }
    return result;
  }

  private ArrayNode list(ArrayNode list, Path at) {
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < list.size(); i++) {
      result.add(replaced(list.get(i), at.index(i)));
    }
    return result;
  }

  private String text(String text, Path at) {
    return VARIABLE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(value(match, at)));
  }

  private String value(MatchResult match, Path at) {
    String name = match.group(1);
    String value = values.get(name);
    if (value != null) {
      return value;
    }
    findings.violation(
        at,
        "the variable "
            + Shown.of(name)
            + " has no value; given are: "
            + (values.isEmpty() ? "none" : String.join(", ", new TreeSet<>(values.keySet()))));
    return match.group();
  }
}
