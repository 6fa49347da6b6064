package io.sluice.controlplane.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * The names under which operators may reach the API. A name that anybody could point at this
 * address (DNS rebinding) is none of them.
 */
@Component
class OperatorHosts {

  private static final Pattern HOST =
      Pattern.compile("(?<host>\\[[0-9a-f:.%]+]|[^:\\[\\]/@\\s]+)(:\\d{1,5})?");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  private final Set<String> configured;

  OperatorHosts(SecuritySettings settings) {
    this.configured =
        settings.hosts().stream()
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether a {@code Host} header names this control plane.
   *
   * @param localAddress the address at which the request arrived
   */
  boolean isOurs(String header, String localAddress) {
    Matcher matcher = HOST.matcher(header.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return false;
    }
    String host = matcher.group("host");
    return host.equals("localhost")
        || configured.contains(host)
        || isOurAddress(host, localAddress);
  }

  /** Only texts that are addresses are parsed: no name is ever resolved here. */
  private static boolean isOurAddress(String host, String localAddress) {
    boolean ipv6 = host.startsWith("[");
    if (!ipv6 && !IPV4.matcher(host).matches()) {
      return false;
    }
    try {
      InetAddress address =
          InetAddress.getByName(ipv6 ? host.substring(1, host.length() - 1) : host);
      return address.isLoopbackAddress() || address.equals(InetAddress.getByName(localAddress));
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
