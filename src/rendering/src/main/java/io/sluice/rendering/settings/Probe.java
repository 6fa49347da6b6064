package io.sluice.rendering.settings;

/**
 * What the agent dials, as a process that is not ours, to prove after a switch that connections are
 * captured: an address that every host has, and on which nobody listens but Envoy.
 */
public final class Probe {

  /** Its port on each family's {@link IpFamily#passthroughSource()}. */
  public static final int PORT = 15_009;

  private Probe() {}
}
