package io.sluice.rendering.trace;

import io.sluice.rendering.iptables.Chain;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.transparentproxy.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A packet at one of the kernel's hooks.
 *
 * @param hook PREROUTING or OUTPUT
 * @param networkInterface by which it came, or leaves
 */
record Flight(
    Chain hook,
    Transport protocol,
    boolean syn,
    ConnectionState state,
    @Nullable IpAddress source,
    @Nullable Integer sourcePort,
    IpAddress destination,
    int port,
    Owner owner,
    @Nullable String networkInterface) {

  static final String LOOPBACK = "lo";

  IpFamily family() {
    return destination.v6() ? IpFamily.V6 : IpFamily.V4;
  }

  boolean isOnLoopback() {
    return LOOPBACK.equals(networkInterface);
  }

  /** The same packet after it was sent to the host itself. */
  Flight arrivedByLoopback() {
    return new Flight(
        Chain.PREROUTING,
        protocol,
        syn,
        state,
        source,
        sourcePort,
        destination,
        port,
        owner,
        LOOPBACK);
  }

  /** The same packet on its way to a port of the host's loopback. */
  Flight redirectedTo(int otherPort) {
    IpAddress loopback = IpAddress.parse(family().loopback()).orElseThrow();
    return new Flight(
        hook, protocol, syn, state, source, sourcePort, loopback, otherPort, owner, LOOPBACK);
  }
}
