package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Inbound;
import java.util.Comparator;
import java.util.SortedMap;

/**
 * That a port of a name leads to the endpoints that carry some tags.
 *
 * @param host in lower case
 * @param tags {@code kuma.io/service} among them
 */
public record Claim(String host, int port, SortedMap<String, String> tags, Origin origin)
    implements Comparable<Claim> {

  private static final Comparator<Claim> ORDER =
      Comparator.comparing(Claim::host)
          .thenComparingInt(Claim::port)
          .thenComparing(Claim::origin, Origin.PRECEDENCE)
          .thenComparing(claim -> claim.tags().toString());

  /** By host and port, and the one that wins first. */
  @Override
  public int compareTo(Claim other) {
    return ORDER.compare(this, other);
  }

  /** The service that is reached. */
  public String service() {
    return tags.getOrDefault(Inbound.SERVICE_TAG, "");
  }
}
