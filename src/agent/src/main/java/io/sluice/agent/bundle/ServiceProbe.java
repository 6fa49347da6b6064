package io.sluice.agent.bundle;

import io.sluice.agent.host.Addresses;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to find out whether the application behind an inbound takes connections.
 *
 * @param workload where it listens
 * @param intervalMillis from the beginning of one connect to that of the next
 * @param timeoutMillis how long a connect may take
 * @param healthyThreshold how many connects in a row must succeed
 * @param unhealthyThreshold how many in a row must fail
 */
public record ServiceProbe(
    Place workload,
    int intervalMillis,
    int timeoutMillis,
    int healthyThreshold,
    int unhealthyThreshold) {

  private static final int LONGEST_MILLIS = 3_600_000;
  private static final int SHORTEST_INTERVAL_MILLIS = 100;
  private static final int MOST_CONNECTS = 1_000;
  private static final Pattern TEXT =
      Pattern.compile("(\\S+) ([0-9]{1,7}) ([0-9]{1,7}) ([0-9]{1,4}) ([0-9]{1,4})");

  /**
   * An address and a port.
   *
   * @param address an IP address without brackets
   */
  public record Place(String address, int port) {

    private static final Pattern TEXT =
        Pattern.compile("(?:\\[([^\\]]+:[^\\]]*)\\]|([^:\\[]+)):([1-9][0-9]{0,4})");

    /** The place of a text such as {@code 10.0.0.1:80} or {@code [::1]:80}. */
    static Optional<Place> parse(String text) {
      Matcher parts = TEXT.matcher(text);
      if (!parts.matches()) {
        return Optional.empty();
      }
      String address = parts.group(1) == null ? parts.group(2) : parts.group(1);
      int port = Integer.parseInt(parts.group(3));
      return Addresses.isLiteral(address) && port <= 65_535
          ? Optional.of(new Place(address, port))
          : Optional.empty();
    }
  }

  /** The probe that a setting describes; empty if it is malformed or out of bounds. */
  static Optional<ServiceProbe> parse(String text) {
    Matcher words = TEXT.matcher(text);
    if (!words.matches()) {
      return Optional.empty();
    }
    return Place.parse(words.group(1))
        .map(
            workload ->
                new ServiceProbe(
                    workload,
                    Integer.parseInt(words.group(2)),
                    Integer.parseInt(words.group(3)),
                    Integer.parseInt(words.group(4)),
                    Integer.parseInt(words.group(5))))
        .filter(ServiceProbe::isBounded);
  }

  private boolean isBounded() {
    return isWithin(intervalMillis, SHORTEST_INTERVAL_MILLIS, LONGEST_MILLIS)
        && isWithin(timeoutMillis, 1, LONGEST_MILLIS)
        && isWithin(healthyThreshold, 1, MOST_CONNECTS)
        && isWithin(unhealthyThreshold, 1, MOST_CONNECTS);
  }

  private static boolean isWithin(int value, int min, int max) {
    return min <= value && value <= max;
  }
}
