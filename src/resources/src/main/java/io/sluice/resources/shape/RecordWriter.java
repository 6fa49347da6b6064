package io.sluice.resources.shape;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a record's components as a tree, in their order, what is absent or a default left out. */
public final class RecordWriter {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private RecordWriter() {}

  public static ObjectNode write(Record record) {
    ObjectNode tree = NODES.objectNode();
    for (Field field : Shape.of(record.getClass()).fields()) {
      Object value = field.value(record);
      if (value != null && !isDefault(value, field)) {
        tree.set(field.name(), node(value, field.kind()));
      }
    }
    return tree;
  }

  private static boolean isDefault(Object value, Field field) {
    return switch (field.kind()) {
      case Kind.Text() -> value.equals("");
      case Kind.Whole() -> value.equals(0) && !field.zeroIsValue();
      case Kind.Choice(Map<String, Enum<?>> bySpelling) ->
          !field.optional()
              && !field.zeroIsValue()
              && value == bySpelling.values().iterator().next();
      case Kind.Items _ -> !field.optional() && ((List<?>) value).isEmpty();
      case Kind.Entries(), Kind.Flags() -> ((Map<?, ?>) value).isEmpty();
      case Kind.Fraction _,
          Kind.Flag _,
          Kind.Span _,
          Kind.Moment _,
          Kind.Parsed _,
          Kind.Fields _,
          Kind.Free _ ->
          false;
    };
  }

  private static JsonNode node(Object value, Kind kind) {
    return switch (kind) {
      case Kind.Text() -> NODES.stringNode((String) value);
      case Kind.Whole() -> NODES.numberNode((int) value);
      case Kind.Fraction() -> NODES.numberNode((double) value);
      case Kind.Flag() -> NODES.booleanNode((boolean) value);
      case Kind.Span() -> NODES.stringNode(seconds((Duration) value));
      case Kind.Choice(Map<String, Enum<?>> bySpelling) ->
          NODES.stringNode(spelling(value, bySpelling));
      case Kind.Parsed _ -> NODES.stringNode(value.toString());
      case Kind.Items(Kind of) -> items((List<?>) value, of);
      case Kind.Entries() -> entries((Map<?, ?>) value);
      case Kind.Flags() -> flags((Map<?, ?>) value);
      case Kind.Moment() -> NODES.stringNode(value.toString());
      case Kind.Fields _ -> write((Record) value);
      case Kind.Free() -> ((JsonNode) value).deepCopy();
    };
  }

  private static ArrayNode items(List<?> items, Kind of) {
    ArrayNode list = NODES.arrayNode();
    items.forEach(item -> list.add(node(item, of)));
    return list;
  }

  private static ObjectNode entries(Map<?, ?> entries) {
    ObjectNode mapping = NODES.objectNode();
    entries.forEach((name, text) -> mapping.put((String) name, (String) text));
    return mapping;
  }

  private static ObjectNode flags(Map<?, ?> flags) {
    ObjectNode mapping = NODES.objectNode();
    flags.forEach((name, flag) -> mapping.put((String) name, (boolean) flag));
    return mapping;
  }

  private static String spelling(@Nullable Object constant, Map<String, Enum<?>> bySpelling) {
    return bySpelling.entrySet().stream()
        .filter(entry -> entry.getValue() == constant)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private static String seconds(Duration span) {
    return BigDecimal.valueOf(span.getSeconds())
            .add(BigDecimal.valueOf(span.getNano(), 9))
            .stripTrailingZeros()
            .toPlainString()
        + "s";
  }
}
