package io.sluice.resources.dataplane;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an application speaks, as far as a proxy makes a difference. */
public enum Protocol {
  HTTP,
  HTTP2,
  GRPC,
  KAFKA,
  TLS,
  TCP;

  /**
   * The protocol of a tag's value in any case; {@code TCP} for an absent or unknown one, as in
   * Kuma.
   */
  public static Protocol of(@Nullable String tag) {
    if (tag == null) {
      return TCP;
    }
    return switch (tag.toLowerCase(Locale.ROOT)) {
      case "http" -> HTTP;
      case "http2" -> HTTP2;
      case "grpc" -> GRPC;
      case "kafka" -> KAFKA;
      case "tls" -> TLS;
      default -> TCP;
    };
  }
}
