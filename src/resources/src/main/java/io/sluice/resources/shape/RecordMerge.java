package io.sluice.resources.shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Merges records whose components are all optional as RFC 7396 merges JSON: mappings field by
 * field, lists whole, and what is absent keeps the lower value.
 */
public final class RecordMerge {

  private RecordMerge() {}

  /** The lower record with what the upper one says instead. */
  public static <R extends Record> R merge(R lower, R upper) {
    @SuppressWarnings("unchecked") // a shape makes records of the class that it describes
    R merged = (R) fields(lower, upper);
    return merged;
  }

  /** All values that a record gives, by path, such as {@code redirect.inbound.port}. */
  public static SortedMap<String, JsonNode> leaves(Record record) {
    SortedMap<String, JsonNode> leaves = new TreeMap<>();
    gather(RecordWriter.write(record), "", leaves);
    return Collections.unmodifiableSortedMap(leaves);
  }

  private static Record fields(Record lower, Record upper) {
    Shape shape = Shape.of(lower.getClass());
    List<@Nullable Object> values = new ArrayList<>();
    for (Field field : shape.fields()) {
      values.add(value(field.value(lower), field.value(upper), field.kind()));
    }
    return shape.make(values);
  }

  private static @Nullable Object value(@Nullable Object lower, @Nullable Object upper, Kind kind) {
    if (lower == null || upper == null) {
      return upper == null ? lower : upper;
    }
    return kind instanceof Kind.Fields ? fields((Record) lower, (Record) upper) : upper;
  }

  private static void gather(ObjectNode tree, String at, SortedMap<String, JsonNode> leaves) {
    tree.properties()
        .forEach(
            entry -> {
              String path = at + entry.getKey();
              if (entry.getValue() instanceof ObjectNode fields) {
                gather(fields, path + ".", leaves);
              } else {
                leaves.put(path, entry.getValue());
              }
            });
  }
}
