package io.sluice.rendering.envoy;

import io.sluice.rendering.bundle.UnrenderableException;

/** Addresses that Envoy is to listen on. */
final class ListenerAddresses {

  private ListenerAddresses() {}

  /**
   * The address in a field.
   *
   * @param remedy what to do when it is a name
   * @throws UnrenderableException if it is a name: rendering resolves none, and what a name means
   *     to others need not be an address of this host
   */
  static IpLiteral parse(String field, String value, String remedy) {
    return IpLiteral.parse(value)
        .orElseThrow(
            () ->
                new UnrenderableException(
                    field,
                    "'%s' is not an IP address, and Envoy can listen on nothing else; %s"
                        .formatted(value, remedy)));
  }
}
