package io.sluice.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnifiedDiffTest {

  @TempDir Path temporary;

  @Test
  void equalTextsHaveNoDifference() {
    assertThat(UnifiedDiff.of("a", List.of("1"), "b", List.of("1"))).isEmpty();
  }

  @Test
  void aChangeIsShownWithItsContext() {
    List<String> before = List.of("1", "2", "3", "4", "5", "6", "7", "8", "9");
    List<String> after = List.of("1", "2", "3", "4", "five", "6", "7", "8", "9");
    assertThat(UnifiedDiff.of("a", before, "b", after))
        .isEqualTo("--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
  }

  @Test
  void anEmptySideStandsAtLineZero() {
    assertThat(UnifiedDiff.of("a", List.of(), "b", List.of("x")))
        .isEqualTo("--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n");
  }

  @Test
  void patchMakesTheOneOfTheOther() throws Exception {
    Random random = new Random(3);
    for (int round = 0; round < 60; round++) {
      List<String> before = lines(random);
      List<String> after = lines(random);
      String diff = UnifiedDiff.of("file", before, "file", after);
      Path file = temporary.resolve("file-" + round);
      Files.write(file, before);
      if (!diff.isEmpty()) {
        Command.Result patch =
            Command.run(List.of("patch", "--silent", "--fuzz=0", file.toString()), diff);
        assertThat(patch.ok()).as(diff + patch.complaint()).isTrue();
      }
      List<String> patched = Files.exists(file) ? Files.readAllLines(file) : List.of();
      assertThat(patched).isEqualTo(after);
    }
  }

  private static List<String> lines(Random random) {
    List<String> lines = new ArrayList<>();
    int count = random.nextInt(40);
    for (int i = 0; i < count; i++) {
      lines.add("line " + random.nextInt(25));
    }
    return lines;
  }

  @Test
  void jsonIsShownOnManyLines() {
    assertThat(JsonLines.of("{\"a\":[1,\"x,{\\\"\"],\"b\":{}}"))
        .containsExactly(
            "{", "  \"a\":[", "    1,", "    \"x,{\\\"\"", "  ],", "  \"b\":{", "  }", "}");
  }
}
