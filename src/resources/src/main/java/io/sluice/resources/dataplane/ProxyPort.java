package io.sluice.resources.dataplane;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A port that the proxy needs for itself on every address of the host. The defaults are kept free
 * in explicit mode too, so that a dataplane can become transparent without moving its application.
 */
record ProxyPort(int port, String use) {

  static final int INBOUND = 15006;
  static final int OUTBOUND = 15001;
  static final int DNS = 15053;

  /** The ports as this dataplane configures them. */
  static List<ProxyPort> of(Networking networking) {
    TransparentProxying transparent = networking.transparentProxying();
    int inbound = INBOUND;
    int outbound = OUTBOUND;
    if (transparent != null) {
      inbound = Objects.requireNonNullElse(transparent.redirectPortInbound(), INBOUND);
      outbound = Objects.requireNonNullElse(transparent.redirectPortOutbound(), OUTBOUND);
    }
    List<ProxyPort> ports = new ArrayList<>();
    ports.add(new ProxyPort(inbound, "where the proxy takes redirected inbound connections"));
    ports.add(new ProxyPort(outbound, "where the proxy takes redirected outbound connections"));
    ports.add(new ProxyPort(DNS, "of the proxy's resolver"));
    return ports;
  }

  @Override
  public String toString() {
    return port + " is the port " + use;
  }
}
