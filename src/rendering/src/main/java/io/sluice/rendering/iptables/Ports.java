package io.sluice.rendering.iptables;

/** What is a TCP port. */
final class Ports {

  private Ports() {}

  static void check(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port (1 to 65535): " + port);
    }
  }
}
