package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Protocol;
import java.util.Collection;
import java.util.Set;

/** The protocol that all of a service's inbounds have in common, as Kuma steps down. */
final class Protocols {

  private static final Set<Protocol> BOTH_HTTP2 = Set.of(Protocol.HTTP2, Protocol.GRPC);

  private Protocols() {}

  /** One protocol stays what it is, gRPC is HTTP/2, and any other mixture is only TCP. */
  static Protocol common(Collection<Protocol> of) {
    if (of.size() == 1) {
      return of.iterator().next();
    }
    return !of.isEmpty() && BOTH_HTTP2.containsAll(of) ? Protocol.HTTP2 : Protocol.TCP;
  }
}
