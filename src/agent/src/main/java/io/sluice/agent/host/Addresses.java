package io.sluice.agent.host;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** Addresses as text. */
public final class Addresses {

  // The JDK's own parser also takes forms such as 1.2, and zones.
  private static final Pattern OCTETS = Pattern.compile("(?:[0-9]{1,3}\\.){3}[0-9]{1,3}");
  private static final Pattern GROUPS =
      Pattern.compile("[0-9a-fA-F:]{2,39}(?:(?:[0-9]{1,3}\\.){3}[0-9]{1,3})?");

  private Addresses() {}

  /** Whether this is an IP address; nothing is looked up. */
  public static boolean isLiteral(String text) {
    if (!OCTETS.matcher(text).matches() && !GROUPS.matcher(text).matches()) {
      return false;
    }
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
