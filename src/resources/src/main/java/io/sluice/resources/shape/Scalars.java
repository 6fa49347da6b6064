package io.sluice.resources.shape;

import io.sluice.resources.document.Shown;
import io.sluice.resources.validation.Path;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads scalars as protobuf's JSON form does, which is what Kuma takes: numbers may be written as
 * texts, texts may not be written as numbers.
 */
final class Scalars {

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,17})?([eE][-+]?[0-9]{1,2})?");
  private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,9})?s");

  private final BiConsumer<Path, String> unreadable;

  Scalars(BiConsumer<Path, String> unreadable) {
    this.unreadable = unreadable;
  }

  @Nullable String text(JsonNode node, Path at) {
    if (node.isString()) {
      return node.stringValue();
    }
    String remedy =
        node.isValueNode() && !node.isNull() ? "; write it in quotes: \"" + node + "\"" : "";
    unreadable.accept(at, "must be a text, not " + Shown.of(node) + remedy);
    return null;
  }

  @Nullable Integer whole(JsonNode node, Path at) {
    BigDecimal number = number(node);
    if (number == null) {
      unreadable.accept(at, "must be a whole number, not " + Shown.of(node));
      return null;
    }
    try {
      return number.intValueExact();
    } catch (ArithmeticException e) {
      unreadable.accept(
          at, "must be a whole number of at most " + Integer.MAX_VALUE + ", not " + Shown.of(node));
      return null;
    }
  }

  @Nullable Double fraction(JsonNode node, Path at) {
    BigDecimal number = number(node);
    if (number == null) {
      unreadable.accept(at, "must be a number, not " + Shown.of(node));
      return null;
    }
    return number.doubleValue();
  }

  @Nullable Boolean flag(JsonNode node, Path at) {
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    unreadable.accept(at, "must be true or false, not " + Shown.of(node));
    return null;
  }

  @Nullable Duration span(JsonNode node, Path at) {
    if (node.isString() && SECONDS.matcher(node.stringValue()).matches()) {
      String text = node.stringValue();
      BigDecimal seconds = new BigDecimal(text.substring(0, text.length() - 1));
      return Duration.ofNanos(0)
          .plusSeconds(seconds.longValue())
          .plusNanos(seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
    }
    unreadable.accept(
        at, "must be a duration in seconds such as \"10s\" or \"0.5s\", not " + Shown.of(node));
    return null;
  }

  @Nullable Instant moment(JsonNode node, Path at) {
    try {
      return Instant.parse(node.asString(""));
    } catch (DateTimeParseException e) {
      unreadable.accept(
          at, "must be a time such as \"2026-11-23T04:05:06Z\", not " + Shown.of(node));
      return null;
    }
  }

  @Nullable Object choice(JsonNode node, Kind.Choice choice, Path at) {
    Object constant = node.isString() ? choice.bySpelling().get(node.stringValue()) : null;
    if (constant == null) {
      unreadable.accept(
          at,
          "must be one of "
              + String.join(", ", choice.bySpelling().keySet())
              + ", not "
              + Shown.of(node));
    }
    return constant;
  }

  @Nullable Object parsed(JsonNode node, Kind.Parsed kind, Path at) {
    String text =
        node.isString() ? node.stringValue() : node.isIntegralNumber() ? node.toString() : "";
    Optional<?> value = parse(text, kind);
    if (value.isEmpty()) {
      unreadable.accept(at, "must be " + kind.form().value() + ", not " + Shown.of(node));
    }
    return value.orElse(null);
  }

  private static Optional<?> parse(String text, Kind.Parsed kind) {
    try {
      return (Optional<?>) kind.parse().invoke(null, text);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(kind.parse() + " failed on " + Shown.of(text), e);
    }
  }

  private static @Nullable BigDecimal number(JsonNode node) {
    String text = node.isNumber() ? node.asString() : node.isString() ? node.stringValue() : "";
    return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
  }
}
