package io.sluice.rendering.services;

import io.sluice.resources.net.HostPort;
import java.util.Comparator;
import java.util.SortedMap;

/**
 * A place at which an inbound of another dataplane takes connections.
 *
 * @param address an IP address in its canonical spelling
 * @param dataplane whose inbound it is
 * @param tags the inbound's
 */
public record Endpoint(String address, int port, String dataplane, SortedMap<String, String> tags) {

  /** By what is dialled, then by dataplane. */
  static final Comparator<Endpoint> ORDER =
      Comparator.comparing(Endpoint::address)
          .thenComparingInt(Endpoint::port)
          .thenComparing(Endpoint::dataplane);

  /** What is dialled. */
  public HostPort place() {
    return new HostPort(address, port);
  }
}
