package io.sluice.controlplane.security;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential that opens one dataplane's bundle and status. The secret itself is not kept.
 *
 * @param id names the token where it is listed and revoked
 * @param revoked when it was revoked, absent while it is not
 */
public record DataplaneToken(
    long id,
    String mesh,
    String name,
    Instant created,
    Instant expires,
    @Nullable Instant revoked,
    String createdBy) {

  /** Whether it opens anything at that moment. */
  public boolean isValid(Instant at) {
    return revoked == null && at.isBefore(expires);
  }
}
