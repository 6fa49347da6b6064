package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Protocol;
import io.sluice.resources.net.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * An inbound that offers a service, ready or not.
 *
 * @param dataplane whose inbound it is
 * @param listener where it listens, in canonical spelling
 * @param dialled what others dial, an IP address or DNS name
 * @param tags the inbound's, {@code kuma.io/service} among them
 * @param endpoint where others reach it; empty while its name has no known address, and where
 *     others can't dial it, such as on loopback
 * @param direct where others reach it that do not balance: at its listener, never at the advertised
 *     address; a listener on all addresses is reached at the host's, one on loopback nowhere
 * @param absences why it takes no traffic; empty means that it does
 */
public record Offer(
    String dataplane,
    HostPort listener,
    HostPort dialled,
    SortedMap<String, String> tags,
    Optional<Endpoint> endpoint,
    Optional<Endpoint> direct,
    List<Absence> absences) {

  /** Copies the list. */
  public Offer {
    absences = List.copyOf(absences);
  }

  /** The service that is offered. */
  public String service() {
    return tags.getOrDefault(Inbound.SERVICE_TAG, "");
  }

  /** Whether the inbound takes traffic. */
  public boolean ready() {
    return absences.isEmpty();
  }

  Protocol protocol() {
    return Protocol.of(tags.get(Inbound.PROTOCOL_TAG));
  }

  boolean carries(SortedMap<String, String> wanted) {
    return tags.entrySet().containsAll(wanted.entrySet());
  }
}
