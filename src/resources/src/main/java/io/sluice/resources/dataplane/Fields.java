package io.sluice.resources.dataplane;

import io.sluice.resources.validation.Path;

/** The places in a Dataplane's document that rules speak of. */
final class Fields {

  static final Path NETWORKING = Path.ROOT.field("networking");
  static final Path TRANSPARENT = NETWORKING.field("transparentProxying");
  static final Path REDIRECT_INBOUND = TRANSPARENT.field("redirectPortInbound");
  static final Path REDIRECT_OUTBOUND = TRANSPARENT.field("redirectPortOutbound");
  static final Path ADMIN_PORT = NETWORKING.field("admin").field("port");

  private Fields() {}

  static Path inbound(int index) {
    return NETWORKING.field("inbound").index(index);
  }

  static Path outbound(int index) {
    return NETWORKING.field("outbound").index(index);
  }
}
