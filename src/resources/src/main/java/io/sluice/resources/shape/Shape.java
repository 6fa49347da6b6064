package io.sluice.resources.shape;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields that a record's components describe, and the way to make such a record. */
final class Shape {

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return new Shape(type.asSubclass(Record.class));
        }
      };

  private final List<Field> fields;
  private final Map<String, Field> byName;
  private final Constructor<? extends Record> constructor;

  private Shape(Class<? extends Record> type) {
    RecordComponent[] components = type.getRecordComponents();
    this.fields = Arrays.stream(components).map(Field::of).toList();
    Map<String, Field> names = new HashMap<>();
    for (Field field : fields) {
      names.put(field.name(), field);
      field.others().forEach(other -> names.putIfAbsent(other, field));
    }
    this.byName = Map.copyOf(names);
    try {
      this.constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  static Shape of(Class<? extends Record> type) {
    return SHAPES.get(type);
  }

  List<Field> fields() {
    return fields;
  }

  List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  /** The field that a document means by a name. */
  Optional<Field> field(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Record make(List<@Nullable Object> values) {
    try {
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(constructor + " refused " + values, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
