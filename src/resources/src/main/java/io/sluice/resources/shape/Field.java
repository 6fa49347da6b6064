package io.sluice.resources.shape;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One field of a document, as a record's component describes it.
 *
 * @param snakeCase the name as protobuf's own files write it; protobuf's JSON form takes both
 */
record Field(
    String name,
    String snakeCase,
    Kind kind,
    boolean optional,
    boolean zeroIsValue,
    @Nullable String notActedOn,
    RecordComponent component) {

  static Field of(RecordComponent component) {
    return new Field(
        component.getName(),
        component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT),
        Kinds.of(component.getGenericType()),
        component.getAnnotatedType().isAnnotationPresent(Nullable.class),
        component.isAnnotationPresent(ZeroIsValue.class),
        Optional.ofNullable(component.getAnnotation(NotActedOn.class))
            .map(NotActedOn::value)
            .orElse(null),
        component);
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
