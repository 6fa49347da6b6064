package io.sluice.resources.shape;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;

/** Derives what may stand in a field from the type of a record's component. */
final class Kinds {

  private Kinds() {}

  static Kind of(Type type) {
    if (type instanceof ParameterizedType generic) {
      if (generic.getRawType() == List.class) {
        return new Kind.Items(of(generic.getActualTypeArguments()[0]));
      }
      if (generic.getRawType() == SortedMap.class) {
        return generic.getActualTypeArguments()[1] == Boolean.class
            ? new Kind.Flags()
            : new Kind.Entries();
      }
    }
    if (type == String.class) {
      return new Kind.Text();
    }
    if (type == int.class || type == Integer.class) {
      return new Kind.Whole();
    }
    if (type == Double.class) {
      return new Kind.Fraction();
    }
    if (type == boolean.class || type == Boolean.class) {
      return new Kind.Flag();
    }
    if (type == Duration.class) {
      return new Kind.Span();
    }
    if (type == Instant.class) {
      return new Kind.Moment();
    }
    if (type == JsonNode.class) {
      return new Kind.Free();
    }
    if (type instanceof Class<?> c && c.isEnum()) {
      return new Kind.Choice(spellings(c));
    }
    if (type instanceof Class<?> c && c.isAnnotationPresent(WrittenAs.class)) {
      return parsed(c, c.getAnnotation(WrittenAs.class));
    }
    if (type instanceof Class<?> c && c.isRecord()) {
      return new Kind.Fields(c.asSubclass(Record.class));
    }
    throw new IllegalArgumentException("No field of a document has the type " + type);
  }

  private static Kind parsed(Class<?> type, WrittenAs form) {
    try {
      return new Kind.Parsed(type, form, type.getMethod("parse", String.class));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Enum<?>> spellings(Class<?> type) {
    Map<String, Enum<?>> spellings = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      Enum<?> each = (Enum<?>) constant;
      for (String spelling : spelled(type, each)) {
        spellings.put(spelling, each);
      }
    }
    return Collections.unmodifiableMap(spellings);
  }

  private static String[] spelled(Class<?> type, Enum<?> constant) {
    try {
      Spelled spelled = type.getField(constant.name()).getAnnotation(Spelled.class);
      return spelled == null ? new String[] {constant.name()} : spelled.value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
