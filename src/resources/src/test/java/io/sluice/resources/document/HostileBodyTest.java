package io.sluice.resources.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies made to cost much. Each is refused, or read, within seconds on a loaded machine. */
class HostileBodyTest {

  private static final int MIB = 1024 * 1024;
  private static final Duration BOUND = Duration.ofSeconds(20);

  static Stream<Arguments> refused() {
    return Stream.of(
        body("lists in lists", Format.YAML, "[".repeat(MIB)),
        body("mappings in mappings", Format.YAML, "{a: ".repeat(MIB / 4)),
        body("lists in lists, by dashes", Format.YAML, "- ".repeat(MIB / 2)),
        body("keys of keys", Format.YAML, "? ".repeat(MIB / 2)),
        body("mappings as keys", Format.YAML, "{".repeat(MIB)),
        body("JSON lists in lists", Format.JSON, "[".repeat(MIB)),
        body("JSON objects in objects", Format.JSON, "{\"a\":".repeat(MIB / 5)),
        body("too many values", Format.YAML, "a: [" + "1,".repeat(MIB / 2 - 8) + "]"),
        body("too many JSON values", Format.JSON, "{\"a\":[" + "1,".repeat(MIB / 2 - 8) + "1]}"),
        body("too many documents", Format.YAML, "---\n".repeat(MIB / 4)),
        body("aliases that explode", Format.YAML, billionLaughs()),
        body("merges that explode", Format.YAML, explodingMerges()),
        body("aliases that nest", Format.YAML, nestingAliases()),
        body("an alias to what holds it", Format.YAML, "a: &a [*a]"),
        body(
            "a JSON number of a million digits",
            Format.JSON,
            "{\"a\":" + "9".repeat(MIB - 8) + "}"),
        body("a key of a million characters", Format.YAML, "k".repeat(MIB - 8) + ": 1"),
        body("a million colons", Format.YAML, ":".repeat(MIB)),
        body("a tag of a million characters", Format.YAML, "!!" + "a".repeat(MIB - 8) + " x"),
        body("a byte too many", Format.YAML, "a: " + "x".repeat(MIB - 2)));
  }

  static Stream<Arguments> read() {
    return Stream.of(
        body("comments alone", Format.YAML, "#\n".repeat(MIB / 2)),
        body("a number of a million digits", Format.YAML, "a: " + "9".repeat(MIB - 8)),
        body("a text over many lines", Format.YAML, "a: " + "x\n ".repeat(MIB / 3 - 8)),
        body("names of one hash", Format.YAML, namesOfOneHash()),
        body("as many bytes as allowed", Format.YAML, "a: " + "x".repeat(MIB - 3)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refused(String name, Format format, String text) {
    Throwable failure =
        Assertions.assertTimeoutPreemptively(
            BOUND,
            () -> catchThrowable(() -> DocumentReader.readAll(text.getBytes(UTF_8), format)));

    assertThat(failure).isInstanceOf(UnreadableDocument.class);
    assertThat(failure.getMessage()).hasSizeLessThan(300);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void read(String name, Format format, String text) {
    Assertions.assertTimeoutPreemptively(
        BOUND, () -> DocumentReader.readAll(text.getBytes(UTF_8), format));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tooLarge")
  void aBodyOverOneMebibyteIsToldApart(String name, Format format, String text) {
    Throwable failure = catchThrowable(() -> DocumentReader.readAll(text.getBytes(UTF_8), format));

    assertThat(failure)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(UnreadableDocument.class))
        .satisfies(
            e -> {
              assertThat(e.problem()).isEqualTo(UnreadableDocument.Problem.TOO_LARGE);
              assertThat(e.position()).isNull();
              assertThat(e.reason()).contains("at most 1048576");
            });
  }

  static Stream<Arguments> tooLarge() {
    return Stream.of(
        body("YAML", Format.YAML, " ".repeat(MIB + 1)),
        body("JSON", Format.JSON, " ".repeat(MIB + 1)));
  }

  private static Arguments body(String name, Format format, String text) {
    return Arguments.of(name, format, text);
  }

  private static String billionLaughs() {
    StringBuilder text = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x,x]\n");
    for (char name = 'b'; name <= 'j'; name++) {
      String ten = ("*" + (char) (name - 1) + ",").repeat(10);
      text.append(name).append(": &").append(name).append(" [").append(ten).append("]\n");
    }
    return text.toString();
  }

  private static String explodingMerges() {
    StringBuilder text = new StringBuilder("a: &a {x: [1,2,3,4,5,6,7,8,9]}\n");
    for (char name = 'b'; name <= 'p'; name++) {
      char before = (char) (name - 1);
      text.append(
          "%c: &%c {<<: [*%c, *%c], y: *%c, z: *%c}\n"
              .formatted(name, name, before, before, before, before));
    }
    return text.toString();
  }

  private static String nestingAliases() {
    StringBuilder text = new StringBuilder("a0: &a0 " + "[".repeat(30) + "]".repeat(30) + "\n");
    for (int i = 1; i < 1000; i++) {
      text.append(
          "a" + i + ": &a" + i + " " + "[".repeat(20) + "*a" + (i - 1) + "]".repeat(20) + "\n");
    }
    return text.toString();
  }

  /** "Aa" and "BB" have one hash, and so has every text made of them. */
  private static String namesOfOneHash() {
    return IntStream.range(0, 1 << 13)
        .mapToObj(
            bits ->
                IntStream.range(0, 13)
                        .mapToObj(bit -> (bits >> bit & 1) == 0 ? "Aa" : "BB")
                        .collect(Collectors.joining())
                    + ": 1\n")
        .collect(Collectors.joining());
  }
}
