package io.sluice.resources.transparentproxy;

import io.sluice.resources.net.PortRange;
import io.sluice.resources.shape.WrittenAs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What processes of some users send to some ports is not captured.
 *
 * @param protocols at least one
 * @param ports the destination's, sorted; at least one range
 * @param uids the users, sorted; at least one range
 */
@WrittenAs(
    value =
        "[protocol:][ports:]uids, such as 1000, 53:1000-1999 or tcp,udp:80,8000-8100:1000,1001"
            + " (* for all protocols or all ports, but not for all users)",
    listedWithCommas = false)
public record UidExclusion(Set<Transport> protocols, List<PortRange> ports, List<UidRange> uids) {

  private static final String ANY = "*";

  /**
   * Copies and sorts.
   *
   * @throws IllegalArgumentException if any of the three is empty
   */
  public UidExclusion {
    if (protocols.isEmpty() || ports.isEmpty() || uids.isEmpty()) {
      throw new IllegalArgumentException("an exclusion needs protocols, ports and users");
    }
    protocols = Collections.unmodifiableSet(EnumSet.copyOf(protocols));
    ports = ports.stream().sorted().distinct().toList();
    uids = uids.stream().sorted().distinct().toList();
  }

  /** The exclusion that a text spells; empty if it spells none. */
  public static Optional<UidExclusion> parse(String text) {
    String[] parts = text.strip().split(":", -1);
    if (parts.length > 3) {
      return Optional.empty();
    }
    String protocolPart = parts.length == 3 ? parts[0] : ANY;
    String portPart = parts.length >= 2 ? parts[parts.length - 2] : ANY;
    Optional<Set<Transport>> protocols =
        isAny(protocolPart)
            ? Optional.of(EnumSet.allOf(Transport.class))
            : list(protocolPart, UidExclusion::protocol).map(EnumSet::copyOf);
    Optional<List<PortRange>> ports =
        isAny(portPart) ? Optional.of(List.of(PortRange.ALL)) : list(portPart, PortRange::parse);
    Optional<List<UidRange>> uids = list(parts[parts.length - 1], UidRange::parse);
    return protocols.flatMap(
        of -> ports.flatMap(to -> uids.map(by -> new UidExclusion(of, to, by))));
  }

  /** Whether connections to every port are meant. */
  public boolean anyPort() {
    return ports.equals(List.of(PortRange.ALL));
  }

  @Override
  public String toString() {
    boolean anyProtocol = protocols.size() == Transport.values().length;
    String protocolPart =
        anyProtocol
            ? ""
            : protocols.stream()
                    .map(protocol -> protocol.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(","))
                + ":";
    String portPart = anyPort() ? (anyProtocol ? "" : "*:") : joined(ports) + ":";
    return protocolPart + portPart + joined(uids);
  }

  /** Kuma takes an empty part for all too. */
  private static boolean isAny(String part) {
    return part.isBlank() || part.strip().equals(ANY);
  }

  private static String joined(List<?> ranges) {
    return ranges.stream().map(Object::toString).collect(Collectors.joining(","));
  }

  private static Optional<Transport> protocol(String text) {
    return Arrays.stream(Transport.values())
        .filter(each -> each.name().equalsIgnoreCase(text))
        .findFirst();
  }

  /** What stands between commas; empty if any of it can't be read. */
  private static <T> Optional<List<T>> list(String text, Function<String, Optional<T>> parse) {
    List<T> items = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Optional<T> item = parse.apply(part.strip());
      if (item.isEmpty()) {
        return Optional.empty();
      }
      items.add(item.get());
    }
    return Optional.of(items);
  }
}
