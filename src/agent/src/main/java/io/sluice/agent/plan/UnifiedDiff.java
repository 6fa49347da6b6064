package io.sluice.agent.plan;

import java.util.ArrayList;
import java.util.List;

/** Two texts in the form of {@code diff -u}, with three lines of context. */
final class UnifiedDiff {

  private static final int CONTEXT = 3;

  /** Beyond so many pairs of lines the middle is told as replaced: memory is small here. */
  private static final long MOST_PAIRS = 2_000_000;

  private record Line(char mark, String text) {}

  private UnifiedDiff() {}

  /** The difference; empty if there is none. */
  static String of(String beforeName, List<String> before, String afterName, List<String> after) {
    if (before.equals(after)) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append("--- ").append(beforeName).append("\n+++ ").append(afterName).append('\n');
    List<Line> lines = lines(before, after);
    int at = 0;
    int[] number = {1, 1};
    while (at < lines.size()) {
      int first = at;
      while (first < lines.size() && lines.get(first).mark() == ' ') {
        first++;
      }
      if (first == lines.size()) {
        break;
      }
      int start = Math.max(at, first - CONTEXT);
      advance(lines, at, start, number);
      int end = end(lines, first);
      hunk(text, lines.subList(start, end), number);
      advance(lines, start, end, number);
      at = end;
    }
    return text.toString();
  }

  /** Where the hunk ends that begins with a change: after its context. */
  private static int end(List<Line> lines, int first) {
    int last = first;
    for (int i = first; i < lines.size() && i - last <= 2 * CONTEXT; i++) {
      if (lines.get(i).mark() != ' ') {
        last = i;
      }
    }
    return Math.min(lines.size(), last + 1 + CONTEXT);
  }

  private static void hunk(StringBuilder text, List<Line> lines, int[] number) {
    long before = lines.stream().filter(line -> line.mark() != '+').count();
    long after = lines.stream().filter(line -> line.mark() != '-').count();
    text.append("@@ -").append(range(number[0], before));
    text.append(" +").append(range(number[1], after)).append(" @@\n");
    lines.forEach(line -> text.append(line.mark()).append(line.text()).append('\n'));
  }

  private static String range(int first, long count) {
    return (count == 0 ? first - 1 : first) + (count == 1 ? "" : "," + count);
  }

  private static void advance(List<Line> lines, int from, int to, int[] number) {
    for (Line line : lines.subList(from, to)) {
      number[0] += line.mark() == '+' ? 0 : 1;
      number[1] += line.mark() == '-' ? 0 : 1;
    }
  }

  private static List<Line> lines(List<String> before, List<String> after) {
    int head = 0;
    int least = Math.min(before.size(), after.size());
    while (head < least && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < least - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    List<Line> lines = new ArrayList<>();
    before.subList(0, head).forEach(line -> lines.add(new Line(' ', line)));
    middle(
        before.subList(head, before.size() - tail),
        after.subList(head, after.size() - tail),
        lines);
    before
        .subList(before.size() - tail, before.size())
        .forEach(line -> lines.add(new Line(' ', line)));
    return lines;
  }

  private static void middle(List<String> before, List<String> after, List<Line> lines) {
    if ((long) before.size() * after.size() > MOST_PAIRS) {
      before.forEach(line -> lines.add(new Line('-', line)));
      after.forEach(line -> lines.add(new Line('+', line)));
      return;
    }
    // The longest common subsequence of what is left, from the end.
    int[][] longest = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        longest[i][j] =
            before.get(i).equals(after.get(j))
                ? longest[i + 1][j + 1] + 1
                : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      boolean both = i < before.size() && j < after.size();
      if (both && before.get(i).equals(after.get(j))) {
        lines.add(new Line(' ', before.get(i++)));
        j++;
      } else if (j == after.size() || (both && longest[i + 1][j] >= longest[i][j + 1])) {
        lines.add(new Line('-', before.get(i++)));
      } else {
        lines.add(new Line('+', after.get(j++)));
      }
    }
  }
}
