package io.sluice.controlplane.discovery;

import io.sluice.controlplane.start.StartFailure;
import io.sluice.controlplane.store.AddressRange;
import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.IpAddress;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the addresses of names come from.
 *
 * @param ipv4Range from which each mesh gives its names IPv4 addresses
 * @param ipv6Range from which it gives them IPv6 addresses
 * @param reuseAfter how long the addresses of a name that nobody wants any more are kept for it
 * @param resolveEvery how often the DNS names of dataplanes are asked for
 */
@ConfigurationProperties("sluice.names")
public record NameSettings(
    @DefaultValue("240.0.0.0/4") String ipv4Range,
    @DefaultValue("fd53:6c75:6963:6500::/64") String ipv6Range,
    @DefaultValue("1h") Duration reuseAfter,
    @DefaultValue("15s") Duration resolveEvery) {

  private static final int LONGEST_V4 = 24;
  private static final int LONGEST_V6 = 112;
  private static final Duration SHORTEST_RESOLVING = Duration.ofSeconds(1);
  private static final Duration LONGEST_RESOLVING = Duration.ofHours(1);

  /** Refuses what could not work. */
  public NameSettings {
    range("sluice.names.ipv4-range", ipv4Range, false, LONGEST_V4);
    range("sluice.names.ipv6-range", ipv6Range, true, LONGEST_V6);
    if (reuseAfter.isNegative()) {
      throw new StartFailure(
          "sluice.names.reuse-after is " + reuseAfter + ".", "Give a duration such as 1h.");
    }
    if (resolveEvery.compareTo(SHORTEST_RESOLVING) < 0
        || resolveEvery.compareTo(LONGEST_RESOLVING) > 0) {
      throw new StartFailure(
          "sluice.names.resolve-every is " + resolveEvery + ".", "Give a duration from 1s to 1h.");
    }
  }

  AddressRange ipv4() {
    return range("sluice.names.ipv4-range", ipv4Range, false, LONGEST_V4);
  }

  AddressRange ipv6() {
    return range("sluice.names.ipv6-range", ipv6Range, true, LONGEST_V6);
  }

  private static AddressRange range(String setting, String text, boolean v6, int longest) {
    Optional<Cidr> network =
        Cidr.parse(text).filter(each -> each.v6() == v6 && each.prefix() <= longest);
    return network
        .filter(each -> each.prefix() > 0 && isForHosts(each))
        .map(AddressRange::new)
        .orElseThrow(
            () ->
                new StartFailure(
                    setting + " is \"" + text + "\".",
                    "Give a network of %s addresses that nobody uses, with a prefix of 1 to %d, such as %s."
                        .formatted(
                            v6 ? "IPv6" : "IPv4",
                            longest,
                            v6 ? "fd53:6c75:6963:6500::/64" : "240.0.0.0/4")));
  }

  /**
   * Neither loopback nor a group's: the kernel would not redirect the one nor connect the other.
   */
  private static boolean isForHosts(Cidr network) {
    IpAddress first = network.address();
    boolean loopback =
        network.v6() ? first.high() == 0 && first.low() >>> 1 == 0 : first.low() >>> 24 == 127;
    boolean zero = !network.v6() && first.low() >>> 24 == 0;
    return !loopback && !zero && !first.isGroup();
  }
}
