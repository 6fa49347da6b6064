package io.sluice.rendering.envoy;

import io.sluice.rendering.bundle.UnrenderableException;

/** Addresses that Envoy is to listen on. */
final class ListenerAddresses {

  private ListenerAddresses() {}

  /**
   * The address in a field.
   *
   * @param remedy what to do when it is a name
   * @throws UnrenderableException if it is a name: rendering resolves none, so it is one whose
   *     address is not known
   */
  static IpLiteral parse(String field, String value, String remedy) {
    return IpLiteral.parse(value)
        .orElseThrow(
            () ->
                new UnrenderableException(
                    field,
                    "'%s' is a name whose address the control plane does not know (yet), and Envoy can listen on IP addresses alone; %s"
                        .formatted(value, remedy)));
  }
}
