package io.sluice.resources.net;

import io.sluice.resources.shape.WrittenAs;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Ports that follow each other, or one port.
 *
 * @param first at least 1
 * @param last at most 65535, and not before the first
 */
@WrittenAs("a port from 1 to 65535 or a range such as 8000-8100")
public record PortRange(int first, int last) implements Comparable<PortRange> {

  /** Every port. */
  public static final PortRange ALL = new PortRange(1, 65535);

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");

  /**
   * Refuses what is no range.
   *
   * @throws IllegalArgumentException if an end is no port, or the last is before the first
   */
  public PortRange {
    if (first < 1 || last > 65535 || last < first) {
      throw new IllegalArgumentException("no range of ports: " + first + "-" + last);
    }
  }

  /** The range of one port. */
  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  /** The port or range that a text spells; empty if it spells none. */
  public static Optional<PortRange> parse(String text) {
    String[] ends = text.split("-", -1);
    if (ends.length > 2
        || !NUMBER.matcher(ends[0]).matches()
        || !NUMBER.matcher(ends[ends.length - 1]).matches()) {
      return Optional.empty();
    }
    int first = Integer.parseInt(ends[0]);
    int last = Integer.parseInt(ends[ends.length - 1]);
    return last > 65535 || last < first
        ? Optional.empty()
        : Optional.of(new PortRange(first, last));
  }

  /** Whether a port is among them. */
  public boolean contains(int port) {
    return port >= first && port <= last;
  }

  @Override
  public int compareTo(PortRange other) {
    return Comparator.comparingInt(PortRange::first)
        .thenComparingInt(PortRange::last)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
