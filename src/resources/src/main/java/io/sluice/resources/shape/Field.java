package io.sluice.resources.shape;

import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One field of a document, as a record's component describes it.
 *
 * @param name as it is written
 * @param others names that are read too: the name as protobuf's own files write it, as protobuf's
 *     JSON form takes both, and what {@link Spelled} adds
 */
record Field(
    String name,
    Set<String> others,
    Kind kind,
    boolean optional,
    boolean zeroIsValue,
    @Nullable String notActedOn,
    RecordComponent component) {

  static Field of(RecordComponent component) {
    Spelled spelled = component.getAnnotation(Spelled.class);
    List<String> names = spelled == null ? List.of(component.getName()) : List.of(spelled.value());
    Set<String> others = new HashSet<>(names);
    names.forEach(name -> others.add(name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)));
    return new Field(
        names.getFirst(),
        others,
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
