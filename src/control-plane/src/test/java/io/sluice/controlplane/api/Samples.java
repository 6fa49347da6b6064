package io.sluice.controlplane.api;

/** Documents of tests. */
final class Samples {

  private Samples() {}

  /** Like the demo, with an address of its own so that tests do not claim each other's. */
  static String dataplane(String name, String address) {
    return """
        type: Dataplane
        mesh: default
        name: %s
        networking:
          address: %s
          inbound:
          - port: 15000
            servicePort: 5000
            serviceAddress: 127.0.0.1
            tags:
              kuma.io/service: app
              kuma.io/protocol: http
        """
        .formatted(name, address);
  }
}
