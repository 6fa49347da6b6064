package io.sluice.rendering.envoy;

import io.sluice.resources.dataplane.Outbound;
import io.sluice.resources.net.HostPort;
import java.util.List;

/** Where in a bundle a declared outbound is. */
public final class OutboundFiles {

  private OutboundFiles() {}

  /** The path of its listener. */
  public static String listener(HostPort at) {
    return "envoy/listeners/" + ResourceName.outbound(at).file();
  }

  /** The paths of which one has its endpoints. */
  public static List<String> endpoints(Outbound outbound, HostPort at) {
    ResourceName cluster =
        outbound.backendRef() == null
            ? ResourceName.service(outbound.tags())
            : ResourceName.outbound(at);
    return List.of("mesh/endpoints/" + cluster.file(), "envoy/endpoints/" + cluster.file());
  }
}
