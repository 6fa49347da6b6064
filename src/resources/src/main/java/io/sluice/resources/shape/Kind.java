package io.sluice.resources.shape;

import java.lang.reflect.Method;
import java.util.Map;

/** What may stand in a field. */
sealed interface Kind {

  /** A text; the empty one is absence. */
  record Text() implements Kind {}

  /** A whole number. */
  record Whole() implements Kind {}

  /** A number with a fraction. */
  record Fraction() implements Kind {}

  /** True or false. */
  record Flag() implements Kind {}

  /** A span of time, written as seconds: {@code 1.5s}. */
  record Span() implements Kind {}

  /** One of a set of words; the first constant is the default and is not written. */
  record Choice(Map<String, Enum<?>> bySpelling) implements Kind {}

  /** A text with a form of its own, which a whole number may stand for. */
  record Parsed(Class<?> type, WrittenAs form, Method parse) implements Kind {}

  /** A list of one kind. */
  record Items(Kind of) implements Kind {}

  /** A mapping of texts whose keys are the operator's own. */
  record Entries() implements Kind {}

  /** A mapping of names to true or false. */
  record Flags() implements Kind {}

  /** A moment, written as RFC 3339 has it: {@code 2026-11-23T04:05:06.789Z}. */
  record Moment() implements Kind {}

  /** A mapping with fields of its own. */
  record Fields(Class<? extends Record> type) implements Kind {}

  /** A mapping of which nothing is known. */
  record Free() implements Kind {}
}
