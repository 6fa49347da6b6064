package io.sluice.resources.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads and writes the text forms of IPv6 addresses (RFC 4291 section 2.2, RFC 5952). */
final class Ipv6Text {

  private static final int GROUPS = 8;
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  private Ipv6Text() {}

  static Optional<IpAddress> parse(String text) {
    int gap = text.indexOf("::");
    Optional<List<Integer>> front = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
    Optional<List<Integer>> back =
        gap < 0 ? Optional.of(List.of()) : groups(text.substring(gap + 2), true);
    if (front.isEmpty() || back.isEmpty()) {
      return Optional.empty();
    }
    int given = front.get().size() + back.get().size();
    if (gap < 0 ? given != GROUPS : given >= GROUPS) {
      return Optional.empty();
    }
    List<Integer> groups = new ArrayList<>(front.get());
    for (int i = given; i < GROUPS; i++) {
      groups.add(0);
    }
    groups.addAll(back.get());
    return Optional.of(address(groups));
  }

  private static Optional<List<Integer>> groups(String text, boolean last) {
    List<Integer> groups = new ArrayList<>();
    if (text.isEmpty()) {
      return Optional.of(groups);
    }
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      if (GROUP.matcher(parts[i]).matches()) {
        groups.add(Integer.parseInt(parts[i], 16));
      } else if (last && i == parts.length - 1) {
        Optional<IpAddress> v4 = IpAddress.parseV4(parts[i]);
        if (v4.isEmpty()) {
          return Optional.empty();
        }
        groups.add((int) (v4.get().low() >>> 16));
        groups.add((int) (v4.get().low() & 0xffff));
      } else {
        return Optional.empty();
      }
    }
    return groups.size() > GROUPS ? Optional.empty() : Optional.of(groups);
  }

  private static IpAddress address(List<Integer> groups) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < GROUPS; i++) {
      if (i < 4) {
        high = high << 16 | groups.get(i);
      } else {
        low = low << 16 | groups.get(i);
      }
    }
    boolean mapped = high == 0 && low >>> 32 == 0xffff;
    return mapped ? new IpAddress(false, 0, low & 0xffffffffL) : new IpAddress(true, high, low);
  }

  /** Lower case, without leading zeros, the longest run of two or more zero groups left out. */
  static String write(long high, long low) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < 4; i++) {
      groups[i] = (int) (high >>> (48 - 16 * i) & 0xffff);
      groups[i + 4] = (int) (low >>> (48 - 16 * i) & 0xffff);
    }
    int start = -1;
    int longest = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > longest) {
        start = i;
        longest = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == start) {
        text.append("::");
        i += longest - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
