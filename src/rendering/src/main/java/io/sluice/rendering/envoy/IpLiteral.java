package io.sluice.rendering.envoy;

import io.sluice.rendering.settings.IpFamily;
import io.sluice.resources.net.IpAddress;
import java.util.Optional;

/** An IP address in its one canonical spelling, with the family that rules and listeners have. */
record IpLiteral(String text, IpFamily family) {

  /** The address that a text spells, or nothing for a name. */
  static Optional<IpLiteral> parse(String text) {
    return IpAddress.parse(text)
        .map(
            address -> new IpLiteral(address.toString(), address.v6() ? IpFamily.V6 : IpFamily.V4));
  }

  /** Whether it is the one address that the rules take for loopback: 127.0.0.2 is not. */
  boolean isLoopback() {
    return text.equals(family.loopback());
  }

  /** Whether it stands for all addresses of its family. */
  boolean isWildcard() {
    return text.equals(family.wildcard());
  }
}
