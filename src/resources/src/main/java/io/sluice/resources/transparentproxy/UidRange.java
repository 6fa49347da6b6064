package io.sluice.resources.transparentproxy;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * User ids that follow each other, or one.
 *
 * @param first at least 0
 * @param last at most 4294967294, as the highest 32-bit number means no user
 */
public record UidRange(long first, long last) implements Comparable<UidRange> {

  private static final long HIGHEST = 4294967294L;
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,9}");

  /**
   * Refuses what is no range.
   *
   * @throws IllegalArgumentException if an end is no user id, or the last is before the first
   */
  public UidRange {
    if (first < 0 || last > HIGHEST || last < first) {
      throw new IllegalArgumentException("no range of user ids: " + first + "-" + last);
    }
  }

  /** The id or range that a text spells; empty if it spells none. */
  static Optional<UidRange> parse(String text) {
    String[] ends = text.split("-", -1);
    if (ends.length > 2
        || !NUMBER.matcher(ends[0]).matches()
        || !NUMBER.matcher(ends[ends.length - 1]).matches()) {
      return Optional.empty();
    }
    long first = Long.parseLong(ends[0]);
    long last = Long.parseLong(ends[ends.length - 1]);
    return last > HIGHEST || last < first
        ? Optional.empty()
        : Optional.of(new UidRange(first, last));
  }

  @Override
  public int compareTo(UidRange other) {
    return Comparator.comparingLong(UidRange::first)
        .thenComparingLong(UidRange::last)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return first == last ? Long.toString(first) : first + "-" + last;
  }
}
