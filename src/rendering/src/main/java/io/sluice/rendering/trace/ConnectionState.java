package io.sluice.rendering.trace;

import io.sluice.resources.shape.Spelled;

/** What conntrack knows of a packet's connection. */
public enum ConnectionState {
  /** Nothing yet: it may be a connection's first packet, or one in the middle of an old one. */
  @Spelled("new")
  NEW,
  /** It belongs to a connection of which packets were seen before. */
  @Spelled("established")
  ESTABLISHED,
  /** It fits no connection and begins none. */
  @Spelled("invalid")
  INVALID
}
