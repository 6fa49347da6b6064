package io.sluice.acceptance.traffic;

import java.net.InetAddress;

/** IP addresses as people write them; Java's own text of IPv6 spells out every zero. */
public final class IpText {

  private IpText() {}

  /** The address without zone, its first run of zeros shortened to {@code ::}. */
  public static String of(InetAddress address) {
    return address.getHostAddress().replaceFirst("%.*", "").replaceFirst("(^|:)(0(:|$)){2,}", "::");
  }
}
