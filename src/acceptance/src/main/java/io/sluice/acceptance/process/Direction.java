package io.sluice.acceptance.process;

/** Which way a connection takes through the proxy of a host. */
public enum Direction {
  /** To an application of the host. */
  INBOUND(15006),
  /** From an application of the host. */
  OUTBOUND(15001);

  private final int port;

  Direction(int port) {
    this.port = port;
  }

  /** The port that captured connections of this direction are redirected to. */
  public int port() {
    return port;
  }

  /** What the names of Envoy's listeners of this direction begin with, in its statistics. */
  String prefix() {
    return name().toLowerCase(java.util.Locale.ROOT) + "_";
  }
}
