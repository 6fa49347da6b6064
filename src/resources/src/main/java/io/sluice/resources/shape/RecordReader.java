package io.sluice.resources.shape;

import io.sluice.resources.document.Shown;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import io.sluice.resources.validation.Violation;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a tree into a record whose components describe the fields. It never stops at the first
 * mistake: what can't be read is reported and left at its default, so that the rules can judge the
 * rest.
 */
public final class RecordReader {

  private final Findings findings;
  private final Scalars scalars;
  private final Set<Path> unread = new LinkedHashSet<>();

  public RecordReader(Findings findings) {
    this.findings = findings;
    this.scalars = new Scalars(this::unreadable);
  }

  /**
   * Reads the tree's fields.
   *
   * @param others names that may stand beside the record's own and mean nothing here
   */
  public <R extends Record> R read(ObjectNode tree, Class<R> type, List<String> others) {
    return type.cast(fields(tree, Shape.of(type), Path.ROOT, others));
  }

  /**
   * Whether a rule's violation is only the consequence of something that could not be read and is
   * reported already.
   */
  public boolean explains(Violation violation) {
    Path field = new Path(violation.field());
    return unread.stream().anyMatch(path -> path.contains(field) || field.contains(path));
  }

  private Record fields(ObjectNode tree, Shape shape, Path at, List<String> others) {
    Map<String, JsonNode> given = new HashMap<>();
    tree.properties()
        .forEach(
            entry -> {
              String name = entry.getKey();
              shape
                  .field(name)
                  .ifPresentOrElse(
                      field -> {
                        if (given.putIfAbsent(field.name(), entry.getValue()) != null) {
                          unreadable(at.field(name), "stands here twice, in two spellings");
                        }
                      },
                      () -> {
                        if (!others.contains(name)) {
                          unknown(name, shape, at, others);
                        }
                      });
            });
    List<@Nullable Object> values = new ArrayList<>();
    for (Field field : shape.fields()) {
      values.add(field(given.get(field.name()), field, at.field(field.name())));
    }
    return shape.make(values);
  }

  private void unknown(String name, Shape shape, Path at, List<String> others) {
    if (findings.isFull()) {
      return;
    }
    List<String> known = new ArrayList<>(others);
    known.addAll(shape.names());
    String nearest =
        NearestName.of(name, known).map(near -> "; did you mean \"" + near + "\"?").orElse("");
    findings.violation(
        at.field(name),
        "unknown field"
            + nearest
            + (known.isEmpty()
                ? "; no field is allowed here"
                : "; allowed here: " + String.join(", ", known)));
  }

  private @Nullable Object field(@Nullable JsonNode node, Field field, Path at) {
    if (node == null || node.isNull()) {
      return absent(field, at);
    }
    Object value = value(node, field.kind(), at);
    boolean zero = "".equals(value) || (Integer.valueOf(0).equals(value) && !field.zeroIsValue());
    if (value == null || zero) {
      return field.optional() ? null : placeholder(field.kind());
    }
    if (field.notActedOn() != null && !value.equals(placeholder(field.kind()))) {
      findings.warning(at, "is kept but has no effect yet: " + field.notActedOn());
    }
    return value;
  }

  private @Nullable Object absent(Field field, Path at) {
    if (field.optional()) {
      return null;
    }
    if (field.kind() instanceof Kind.Fields) {
      unreadable(at, "must be defined");
    }
    return placeholder(field.kind());
  }

  /** The value, or null where it can't be read, which is then reported. */
  private @Nullable Object value(JsonNode node, Kind kind, Path at) {
    return switch (kind) {
      case Kind.Text() -> scalars.text(node, at);
      case Kind.Whole() -> scalars.whole(node, at);
      case Kind.Fraction() -> scalars.fraction(node, at);
      case Kind.Flag() -> scalars.flag(node, at);
      case Kind.Span() -> scalars.span(node, at);
      case Kind.Choice choice -> scalars.choice(node, choice, at);
      case Kind.Parsed parsed -> scalars.parsed(node, parsed, at);
      case Kind.Items(Kind of) -> items(node, of, at);
      case Kind.Entries() -> entries(node, at);
      case Kind.Flags() -> flags(node, at);
      case Kind.Moment() -> scalars.moment(node, at);
      case Kind.Fields(Class<? extends Record> type) ->
          node instanceof ObjectNode mapping
              ? fields(mapping, Shape.of(type), at, List.of())
              : unreadable(
                  at,
                  "must be a mapping with the fields "
                      + String.join(", ", Shape.of(type).names())
                      + ", not "
                      + Shown.of(node));
      case Kind.Free() ->
          node.isObject() ? node : unreadable(at, "must be a mapping, not " + Shown.of(node));
    };
  }

  private @Nullable Object items(JsonNode node, Kind of, Path at) {
    if (of instanceof Kind.Parsed parsed && node.isValueNode()) {
      return listed(node, parsed, at);
    }
    if (!node.isArray()) {
      return unreadable(at, "must be a list, not " + Shown.of(node));
    }
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      if (of instanceof Kind.Parsed parsed && node.get(i).asString("").indexOf(',') >= 0) {
        items.addAll(listed(node.get(i), parsed, at.index(i)));
        continue;
      }
      Object item = value(node.get(i), of, at.index(i));
      if (item != null) {
        items.add(item);
      } else if (!(of instanceof Kind.Parsed)) {
        items.add(placeholder(of));
      }
    }
    return Collections.unmodifiableList(items);
  }

  /**
   * A list that is written as one number or text, as in Kuma's files. The empty text is no item.
   */
  private List<Object> listed(JsonNode node, Kind.Parsed of, Path at) {
    String text = node.isString() ? node.stringValue() : "";
    List<JsonNode> parts = new ArrayList<>();
    if (!node.isString() || (!text.isBlank() && !of.form().listedWithCommas())) {
      parts.add(node);
    } else if (!text.isBlank()) {
      for (String part : text.split(",", -1)) {
        parts.add(JsonNodeFactory.instance.stringNode(part.strip()));
      }
    }
    List<Object> items = new ArrayList<>();
    for (JsonNode part : parts) {
      Object item = scalars.parsed(part, of, at);
      if (item != null) {
        items.add(item);
      }
    }
    return Collections.unmodifiableList(items);
  }

  private @Nullable Object entries(JsonNode node, Path at) {
    if (!node.isObject()) {
      return unreadable(at, "must be a mapping of names to texts, not " + Shown.of(node));
    }
    SortedMap<String, String> entries = new TreeMap<>();
    node.properties()
        .forEach(
            entry -> {
              String text =
                  entry.getValue().isNull()
                      ? ""
                      : scalars.text(entry.getValue(), at.key(entry.getKey()));
              entries.put(entry.getKey(), text == null ? "" : text);
            });
    return Collections.unmodifiableSortedMap(entries);
  }

  private @Nullable Object flags(JsonNode node, Path at) {
    if (!node.isObject()) {
      return unreadable(at, "must be a mapping of names to true or false, not " + Shown.of(node));
    }
    SortedMap<String, Boolean> flags = new TreeMap<>();
    node.properties()
        .forEach(
            entry -> {
              Boolean flag = scalars.flag(entry.getValue(), at.key(entry.getKey()));
              flags.put(entry.getKey(), flag != null && flag);
            });
    return Collections.unmodifiableSortedMap(flags);
  }

  private Object placeholder(Kind kind) {
    return switch (kind) {
      case Kind.Text() -> "";
      case Kind.Whole() -> 0;
      case Kind.Fraction() -> 0.0;
      case Kind.Flag() -> false;
      case Kind.Span() -> java.time.Duration.ZERO;
      case Kind.Choice(Map<String, Enum<?>> bySpelling) -> bySpelling.values().iterator().next();
      case Kind.Parsed(Class<?> type, WrittenAs _, Method _) ->
          throw new IllegalStateException(type + " must be @Nullable: it has no empty value");
      case Kind.Items _ -> List.of();
      case Kind.Entries(), Kind.Flags() -> Collections.emptySortedMap();
      case Kind.Moment() -> Instant.EPOCH;
      case Kind.Fields(Class<? extends Record> type) -> emptyRecord(type);
      case Kind.Free() -> JsonNodeFactory.instance.objectNode();
    };
  }

  private static Record emptyRecord(Class<? extends Record> type) {
    return new RecordReader(new Findings())
        .read(JsonNodeFactory.instance.objectNode(), type, List.of());
  }

  private @Nullable Object unreadable(Path at, String reason) {
    if (!findings.isFull()) {
      unread.add(at);
    }
    findings.violation(at, reason);
    return null;
  }
}
