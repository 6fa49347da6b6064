package io.sluice.rendering.trace;

import io.sluice.resources.net.HostPort;
import io.sluice.resources.net.IpAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address and a port by value. */
record Place(IpAddress address, int port) {

  private static final Pattern TEXT = Pattern.compile("\\[?([0-9a-f.:]+?)]?:([0-9]{1,5})");

  /** The place that a text spells; nothing if it is none, such as the path of a socket. */
  static Optional<Place> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? IpAddress.parse(matcher.group(1))
            .map(address -> new Place(address, Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return new HostPort(address.toString(), port).toString();
  }
}
