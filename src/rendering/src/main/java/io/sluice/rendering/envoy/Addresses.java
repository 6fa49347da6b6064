package io.sluice.rendering.envoy;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.sluice.resources.net.HostPort;

/** Addresses as Envoy has them. */
final class Addresses {

  private Addresses() {}

  static Address tcp(HostPort address) {
    return tcp(address.address(), address.port());
  }

  static Address tcp(String address, int port) {
    return Address.newBuilder().setSocketAddress(socket(address, port)).build();
  }

  static SocketAddress socket(String address, int port) {
    return SocketAddress.newBuilder().setAddress(address).setPortValue(port).build();
  }

  static Address pipe(String path) {
    return Address.newBuilder().setPipe(Pipe.newBuilder().setPath(path)).build();
  }
}
