package io.sluice.resources.shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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

  /** The paths of all values that a record gives, such as {@code redirect.inbound.port}. */
  public static SortedSet<String> paths(Record record) {
    SortedSet<String> paths = new TreeSet<>();
    gather(record, "", paths);
    return Collections.unmodifiableSortedSet(paths);
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

  private static void gather(Record record, String at, SortedSet<String> paths) {
    for (Field field : Shape.of(record.getClass()).fields()) {
      Object value = field.value(record);
      if (value == null) {
        continue;
      }
      if (field.kind() instanceof Kind.Fields) {
        gather((Record) value, at + field.name() + ".", paths);
      } else {
        paths.add(at + field.name());
      }
    }
  }
}
