package io.sluice.controlplane.discovery;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.net.HostPort;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an agent says about the applications that it probes.
 *
 * @param inbounds whether the application behind a listener answers; those of which nothing is
 *     known yet are not among them
 */
public record HealthReport(Map<String, Boolean> inbounds) {

  /** Copies the map. */
  public HealthReport {
    inbounds = Map.copyOf(inbounds);
  }

  /** Reads a report's properties, which were found to be readable before. */
  public static HealthReport parse(byte[] body) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(new String(body, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("a string refused to be read", e);
    }
    Map<String, Boolean> inbounds = new TreeMap<>();
    add(properties.getProperty("inbounds.ready", ""), true, inbounds);
    add(properties.getProperty("inbounds.notready", ""), false, inbounds);
    return new HealthReport(inbounds);
  }

  private static void add(String listeners, boolean ready, Map<String, Boolean> inbounds) {
    for (String listener : listeners.split(",", -1)) {
      if (!listener.isBlank()) {
        inbounds.put(listener.strip(), ready);
      }
    }
  }

  /**
   * What is known of a dataplane after this report. An agent that has just started knows nothing
   * yet, which takes nothing away from what was found before. Only inbounds that are to be probed
   * count.
   */
  DataplaneHealth applied(Dataplane dataplane, Optional<DataplaneHealth> before) {
    SortedMap<String, Boolean> known = new TreeMap<>();
    for (Inbound inbound : dataplane.networking().inbound()) {
      HostPort listener = dataplane.networking().listener(inbound).canonical();
      if (inbound.serviceProbe() != null) {
        Boolean now = inbounds.get(listener.toString());
        Boolean then = before.map(each -> each.inbounds().get(listener.toString())).orElse(null);
        if (now != null) {
          known.put(listener.toString(), now);
        } else if (then != null) {
          known.put(listener.toString(), then);
        }
      }
    }
    return new DataplaneHealth(dataplane.mesh(), dataplane.name(), known);
  }
}
