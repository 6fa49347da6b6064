package io.sluice.rendering.trace;

import io.sluice.resources.shape.Spelled;

/** Which way a packet goes, seen from the host. */
public enum Direction {
  /** It arrives by an interface, be it for this host or for a container behind it. */
  @Spelled("inbound")
  INBOUND,
  /** A process of the host sends it. */
  @Spelled("outbound")
  OUTBOUND
}
