package io.sluice.resources.dataplane;

/** How traffic reaches the proxy. */
public enum Mode {
  /** The kernel redirects connections to the proxy's two catch-all ports. */
  IPTABLES,
  /** Nothing is redirected: Envoy binds every listener (explicit ports). */
  NONE
}
