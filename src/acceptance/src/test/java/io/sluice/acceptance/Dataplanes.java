package io.sluice.acceptance;

import io.sluice.acceptance.topology.Host;

/** The Dataplanes of tests, as YAML. */
public final class Dataplanes {

  /** Where Dataplanes of the mesh {@code default} are. */
  public static final String PATH = "/meshes/default/dataplanes";

  private Dataplanes() {}

  /** A host whose traffic is captured, with an HTTP application on a port of its own. */
  public static String transparent(String name, Host host, int port) {
    return """
        type: Dataplane
        mesh: default
        name: %s
        networking:
          address: %s
          inbound:
          - port: %d
            tags: {kuma.io/service: %s, kuma.io/protocol: http}
          transparentProxying:
            redirectPortInbound: 15006
            redirectPortOutbound: 15001
        """
        .formatted(name, host.ipv4().getHostAddress(), port, name);
  }

  /** A host where Envoy is bound to port 15000 and leads to an application on loopback. */
  public static String explicit(String name, Host host, int servicePort) {
    return explicit(name, host, host.ipv4().getHostAddress(), servicePort);
  }

  /** As above, with another address for Envoy to listen on. */
  public static String explicit(String name, Host host, String listen, int servicePort) {
    return """
        type: Dataplane
        mesh: default
        name: %s
        networking:
          address: %s
          inbound:
          - address: %s
            port: 15000
            servicePort: %d
            serviceAddress: 127.0.0.1
            tags: {kuma.io/service: %s, kuma.io/protocol: http}
        """
        .formatted(name, host.ipv4().getHostAddress(), listen, servicePort, name);
  }
}
