package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Protocol;
import java.util.List;
import java.util.SortedMap;

/**
 * All endpoints that carry some tags. While nothing of it changes a catalogue and its successors
 * give the identical object, as long as anybody holds it, so that what is made of it can be kept by
 * identity.
 */
public final class Destination {

  private final SortedMap<String, String> tags;
  private final Protocol protocol;
  private final List<Endpoint> endpoints;
  private final int hash;

  Destination(SortedMap<String, String> tags, Protocol protocol, List<Endpoint> endpoints) {
    this.tags = tags;
    this.protocol = protocol;
    this.endpoints = List.copyOf(endpoints);
    this.hash = 31 * tags.hashCode() + this.endpoints.hashCode();
  }

  /** What the endpoints carry, {@code kuma.io/service} among them. */
  public SortedMap<String, String> tags() {
    return tags;
  }

  /**
   * What the service speaks, by the inbounds that are declared: it stays when endpoints leave. TCP
   * for a service that nobody declares.
   */
  public Protocol protocol() {
    return protocol;
  }

  /** Those that take traffic, sorted, none twice at one address and port. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Destination that
            && hash == that.hash
            && protocol == that.protocol
            && tags.equals(that.tags)
            && endpoints.equals(that.endpoints));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return "Destination[" + tags + ", " + protocol + ", " + endpoints + "]";
  }
}
