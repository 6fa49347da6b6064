package io.sluice.rendering.diff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The difference between two texts in the unified form of {@code diff -u}: hunks of lines that go
 * ({@code -}), come ({@code +}) and stay around them, found by Myers' greedy algorithm.
 */
final class LineDiff {

  private static final int CONTEXT = 3;

  /** Texts that differ in more lines than this are told as replaced: its square is the memory. */
  private static final int MOST_EDITS = 1000;

  private final List<String> before;
  private final List<String> after;
  private final List<Line> lines = new ArrayList<>();

  private LineDiff(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
  }

  private enum Kind {
    SAME(' '),
    GONE('-'),
    NEW('+');

    private final char mark;

    Kind(char mark) {
      this.mark = mark;
    }
  }

  private record Line(Kind kind, String text) {}

  /** The hunks; empty for equal texts. */
  static String hunks(List<String> before, List<String> after) {
    LineDiff diff = new LineDiff(before, after);
    diff.compare();
    return diff.written();
  }

  private void compare() {
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
    add(Kind.SAME, before.subList(0, head));
    middle(before.subList(head, before.size() - tail), after.subList(head, after.size() - tail));
    add(Kind.SAME, before.subList(before.size() - tail, before.size()));
  }

  private void middle(List<String> old, List<String> next) {
    List<int[]> furthest = old.isEmpty() || next.isEmpty() ? List.of() : furthest(old, next);
    if (furthest.isEmpty()) {
      add(Kind.GONE, old);
      add(Kind.NEW, next);
      return;
    }
    lines.addAll(goneFirst(path(old, next, furthest)));
  }

  /**
   * How far one gets in the old text on each diagonal with 0, 1, 2, … edits, until both texts end;
   * empty if that takes too many.
   */
  private static List<int[]> furthest(List<String> old, List<String> next) {
    List<int[]> rounds = new ArrayList<>();
    int[] last = new int[] {0};
    for (int edits = 0; edits <= MOST_EDITS; edits++) {
      int[] reached = new int[2 * edits + 1];
      for (int diagonal = -edits; diagonal <= edits; diagonal += 2) {
        int x = edits == 0 ? 0 : step(last, edits, diagonal);
        while (x < old.size()
            && x - diagonal < next.size()
            && old.get(x).equals(next.get(x - diagonal))) {
          x++;
        }
        reached[diagonal + edits] = x;
        if (x >= old.size() && x - diagonal >= next.size()) {
          rounds.add(reached);
          return rounds;
        }
      }
      rounds.add(reached);
      last = reached;
    }
    return List.of();
  }

  /** Where one edit more leads to on a diagonal. */
  private static int step(int[] last, int edits, int diagonal) {
    return comesFromAbove(last, edits, diagonal)
        ? last[diagonal + edits]
        : last[diagonal + edits - 2] + 1;
  }

  /** Whether the best way to a diagonal is a line of the new text, not the loss of an old one. */
  private static boolean comesFromAbove(int[] last, int edits, int diagonal) {
    return diagonal == -edits
        || (diagonal != edits && last[diagonal + edits - 2] < last[diagonal + edits]);
  }

  private static List<Line> path(List<String> old, List<String> next, List<int[]> rounds) {
    List<Line> backwards = new ArrayList<>();
    int x = old.size();
    int y = next.size();
    for (int edits = rounds.size() - 1; edits > 0; edits--) {
      int[] last = rounds.get(edits - 1);
      int diagonal = x - y;
      boolean above = comesFromAbove(last, edits, diagonal);
      int from = step(last, edits, diagonal);
      while (x > from) {
        x--;
        y--;
        backwards.add(new Line(Kind.SAME, old.get(x)));
      }
      if (above) {
        y--;
        backwards.add(new Line(Kind.NEW, next.get(y)));
      } else {
        x--;
        backwards.add(new Line(Kind.GONE, old.get(x)));
      }
    }
    while (x > 0) {
      x--;
      backwards.add(new Line(Kind.SAME, old.get(x)));
    }
    Collections.reverse(backwards);
    return backwards;
  }

  /** Within each run of changed lines, those that go are told before those that come. */
  private static List<Line> goneFirst(List<Line> path) {
    List<Line> ordered = new ArrayList<>(path.size());
    List<Line> come = new ArrayList<>();
    for (Line line : path) {
      switch (line.kind()) {
        case GONE -> ordered.add(line);
        case NEW -> come.add(line);
        case SAME -> {
          ordered.addAll(come);
          come.clear();
          ordered.add(line);
        }
      }
    }
    ordered.addAll(come);
    return ordered;
  }

  private void add(Kind kind, List<String> texts) {
    texts.forEach(text -> lines.add(new Line(kind, text)));
  }

  private String written() {
    StringBuilder text = new StringBuilder();
    int[] passed = new int[] {0, 0};
    int told = 0;
    int change = firstChange(told);
    while (change < lines.size()) {
      int from = Math.max(told, change - CONTEXT);
      count(told, from, passed);
      told = hunkEnd(change);
      hunk(from, told, passed, text);
      change = firstChange(told);
    }
    return text.toString();
  }

  private int firstChange(int from) {
    int at = from;
    while (at < lines.size() && lines.get(at).kind() == Kind.SAME) {
      at++;
    }
    return at;
  }

  /** Changes whose context would touch share a hunk. */
  private int hunkEnd(int change) {
    int end = change + 1;
    while (true) {
      int next = firstChange(end);
      if (next >= lines.size() || next - end > 2 * CONTEXT) {
        return Math.min(lines.size(), end + CONTEXT);
      }
      end = next + 1;
    }
  }

  private void hunk(int from, int end, int[] passed, StringBuilder text) {
    int[] after = passed.clone();
    count(from, end, after);
    text.append("@@ -")
        .append(range(passed[0], after[0] - passed[0]))
        .append(" +")
        .append(range(passed[1], after[1] - passed[1]))
        .append(" @@\n");
    for (Line line : lines.subList(from, end)) {
      text.append(line.kind().mark).append(line.text()).append('\n');
    }
    passed[0] = after[0];
    passed[1] = after[1];
  }

  /** Adds up the lines of the old and of the new text. */
  private void count(int from, int end, int[] passed) {
    for (Line line : lines.subList(from, end)) {
      passed[0] += line.kind() == Kind.NEW ? 0 : 1;
      passed[1] += line.kind() == Kind.GONE ? 0 : 1;
    }
  }

  /** As diff writes it: a range of no lines begins at the line before it. */
  private static String range(int passed, int count) {
    int first = count == 0 ? passed : passed + 1;
    return count == 1 ? Integer.toString(first) : first + "," + count;
  }
}
