package io.sluice.controlplane.api;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The difference between two texts: every line that goes with {@code -} before it, every line that
 * comes with {@code +}, and a few equal ones around them.
 */
final class LineDiff {

  private static final int CONTEXT = 2;

  /** Beyond this many cells of the table, a text is told as replaced whole. */
  private static final long LARGEST_TABLE = 4_000_000;

  private LineDiff() {}

  static String of(List<String> before, List<String> after) {
    int head = 0;
    while (head < before.size()
        && head < after.size()
        && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < before.size() - head
        && tail < after.size() - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    List<String> lines = new ArrayList<>();
    before.subList(0, head).forEach(line -> lines.add("  " + line));
    middle(
        before.subList(head, before.size() - tail),
        after.subList(head, after.size() - tail),
        lines);
    before.subList(before.size() - tail, before.size()).forEach(line -> lines.add("  " + line));
    return around(lines);
  }

  private static void middle(List<String> before, List<String> after, List<String> lines) {
    if ((long) before.size() * after.size() > LARGEST_TABLE) {
      before.forEach(line -> lines.add("- " + line));
      after.forEach(line -> lines.add("+ " + line));
      return;
    }
    int[][] common = commonFromHere(before, after);
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        lines.add("  " + before.get(i));
        i++;
        j++;
      } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
        lines.add("- " + before.get(i++));
      } else {
        lines.add("+ " + after.get(j++));
      }
    }
  }

  /** The length of the longest common subsequence from each pair of positions on. */
  private static int[][] commonFromHere(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  private static String around(List<String> lines) {
    BitSet shown = new BitSet();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith("  ")) {
        shown.set(Math.max(i - CONTEXT, 0), Math.min(i + CONTEXT + 1, lines.size()));
      }
    }
    StringBuilder text = new StringBuilder();
    int expected = shown.nextSetBit(0);
    for (int i = expected; i >= 0; i = shown.nextSetBit(i + 1)) {
      if (i > expected) {
        text.append("…\n");
      }
      text.append(lines.get(i)).append('\n');
      expected = i + 1;
    }
    return text.toString();
  }
}
