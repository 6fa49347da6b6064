package io.sluice.rendering.trace;

import org.jspecify.annotations.Nullable;

/**
 * The process that sends a packet, as far as it is known. Names and numbers are never looked up in
 * each other: only the host could.
 *
 * @param user the name of its user
 * @param uid the number of its user
 * @param group the name of its primary group
 * @param gid the number of its primary group
 */
public record Owner(
    @Nullable String user, @Nullable Long uid, @Nullable String group, @Nullable Long gid) {

  /** A process of which nothing is known. */
  public static final Owner UNKNOWN = new Owner(null, null, null, null);
}
