package io.sluice.resources.shape;

import java.lang.reflect.RecordComponent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One field of a document, as a record's component describes it. */
record Field(
    String name,
    Kind kind,
    boolean optional,
    boolean zeroIsValue,
    @Nullable String notActedOn,
    RecordComponent component) {

  static Field of(RecordComponent component) {
    return new Field(
        component.getName(),
        Kinds.of(component.getGenericType()),
        component.getAnnotatedType().isAnnotationPresent(Nullable.class),
        component.isAnnotationPresent(ZeroIsValue.class),
        Optional.ofNullable(component.getAnnotation(NotActedOn.class))
            .map(NotActedOn::value)
            .orElse(null),
        component);
  }

  /** The name as protobuf's own files write it; protobuf's JSON form takes both. */
  String snakeCase() {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
  }

  /** What the record holds in this component. */
  @Nullable Object value(Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("The accessor of " + component + " failed", e);
    }
  }
}
