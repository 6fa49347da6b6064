package io.sluice.controlplane.changes;

import java.util.Arrays;
import java.util.List;

/**
 * Which transactions a look at the database could see: PostgreSQL's {@code pg_snapshot}. What was
 * committed between two looks is exactly what the first could not see: transactions that had not
 * begun ({@code from} on) and those that were open. So neither the order in which transactions
 * commit nor one that stays open for hours matters.
 *
 * @param from the first transaction that had not begun
 * @param open those below it that had not ended
 */
record Snapshot(long from, List<Long> open) {

  Snapshot {
    open = List.copyOf(open);
  }

  /** Reads {@code xmin:xmax:xip,xip,…}. */
  static Snapshot parse(String text) {
    String[] parts = text.split(":", -1);
    List<Long> open =
        parts[2].isEmpty()
            ? List.of()
            : Arrays.stream(parts[2].split(",")).map(Long::valueOf).toList();
    return new Snapshot(Long.parseLong(parts[1]), open);
  }
}
