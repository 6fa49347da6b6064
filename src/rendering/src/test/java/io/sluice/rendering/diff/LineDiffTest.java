package io.sluice.rendering.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineDiffTest {

  @Test
  void aChangedLineIsShownBetweenItsNeighbours() {
    assertThat(
            LineDiff.hunks(
                List.of("1", "2", "3", "4", "old", "6", "7", "8", "9"),
                List.of("1", "2", "3", "4", "new", "6", "7", "8", "9")))
        .isEqualTo(
            """
            @@ -2,7 +2,7 @@
             2
             3
             4
            -old
            +new
             6
             7
             8
            """);
  }

  @Test
  void changesFarApartAreHunksOfTheirOwn() {
    List<String> before = numbers(20);
    List<String> after = new ArrayList<>(before);
    after.remove("18");
    after.add(1, "new");

    assertThat(LineDiff.hunks(before, after))
        .isEqualTo(
            """
            @@ -1,4 +1,5 @@
             1
            +new
             2
             3
             4
            @@ -15,6 +16,5 @@
             15
             16
             17
            -18
             19
             20
            """);
  }

  @Test
  void changesWhoseNeighboursTouchShareAHunk() {
    List<String> before = numbers(12);
    List<String> after = new ArrayList<>(before);
    after.remove("3");
    after.remove("10");

    assertThat(LineDiff.hunks(before, after))
        .startsWith("@@ -1,12 +1,10 @@\n")
        .doesNotContain("\n@@");
  }

  @Test
  void aNewTextComesWhole() {
    assertThat(LineDiff.hunks(List.of(), List.of("a", "b"))).isEqualTo("@@ -0,0 +1,2 @@\n+a\n+b\n");
  }

  @Test
  void aTextThatEndsGoesWhole() {
    assertThat(LineDiff.hunks(List.of("a"), List.of())).isEqualTo("@@ -1 +0,0 @@\n-a\n");
  }

  @Test
  void equalTextsHaveNoHunks() {
    assertThat(LineDiff.hunks(List.of("a"), List.of("a"))).isEmpty();
  }

  @Test
  void theFewestLinesAreTold() {
    List<String> before = numbers(5000);
    List<String> after = new ArrayList<>(before);
    after.set(10, "x");
    after.set(4990, "y");

    assertThat(LineDiff.hunks(before, after).lines().filter(line -> !line.startsWith(" ")))
        .containsExactly("@@ -8,7 +8,7 @@", "-11", "+x", "@@ -4988,7 +4988,7 @@", "-4991", "+y");
  }

  @Test
  void textsWithNothingInCommonAreToldAsReplaced() {
    List<String> before = IntStream.range(0, 3000).mapToObj(i -> "old " + i).toList();
    List<String> after = IntStream.range(0, 3000).mapToObj(i -> "new " + i).toList();

    assertThat(LineDiff.hunks(before, after).lines())
        .hasSize(6001)
        .startsWith("@@ -1,3000 +1,3000 @@");
  }

  @Test
  void everyDifferenceTurnsTheOldTextIntoTheNewOne() {
    Random random = new Random(4);
    for (int round = 0; round < 500; round++) {
      List<String> before = letters(random);
      List<String> after = letters(random);

      assertThat(patched(before, LineDiff.hunks(before, after)))
          .as("from %s", before)
          .isEqualTo(after);
    }
  }

  private static List<String> numbers(int last) {
    return IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList();
  }

  private static List<String> letters(Random random) {
    return random.ints(random.nextInt(30), 0, 4).mapToObj(i -> "abcd".substring(i, i + 1)).toList();
  }

  /** What the command patch would make of it. */
  private static List<String> patched(List<String> before, String hunks) {
    List<String> result = new ArrayList<>();
    int at = 0;
    for (String line : hunks.lines().toList()) {
      String text = line.substring(1);
      switch (line.charAt(0)) {
        case '@' -> {
          String range = line.substring(4, line.indexOf(" +"));
          int comma = range.indexOf(',');
          int first = Integer.parseInt(comma < 0 ? range : range.substring(0, comma));
          int start = range.endsWith(",0") ? first : first - 1;
          result.addAll(before.subList(at, start));
          at = start;
        }
        case '-' -> assertThat(before.get(at++)).isEqualTo(text);
        case '+' -> result.add(text);
        default -> {
          assertThat(before.get(at++)).isEqualTo(text);
          result.add(text);
        }
      }
    }
    result.addAll(before.subList(at, before.size()));
    return result;
  }
}
