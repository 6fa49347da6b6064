package io.sluice.resources.dataplane;

import java.util.List;

/** A port that the proxy needs for itself on every address of the host. */
record ProxyPort(int port, String use) {

  /** The ports of one dataplane's proxy. */
  static List<ProxyPort> of(Capture capture) {
    return List.of(
        new ProxyPort(
            capture.inboundPort(), "where the proxy takes redirected inbound connections"),
        new ProxyPort(
            capture.outboundPort(), "where the proxy takes redirected outbound connections"),
        new ProxyPort(capture.dnsPort(), "of the proxy's resolver"));
  }

  @Override
  public String toString() {
    return port + " is the port " + use;
  }
}
