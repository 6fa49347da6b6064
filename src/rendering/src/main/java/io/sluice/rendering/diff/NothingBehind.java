package io.sluice.rendering.diff;

import static java.util.Objects.requireNonNull;

import io.sluice.rendering.envoy.OutboundFiles;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.dataplane.Outbound;
import io.sluice.resources.net.HostPort;
import io.sluice.resources.net.PortRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Ports that lead, by a change, to nothing that the mesh knows. */
final class NothingBehind {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String INCLUDED = "redirect.inbound.includePorts";

  private final RenderedHost host;
  private final Map<String, Interruption> found = new LinkedHashMap<>();

  private NothingBehind(RenderedHost host) {
    this.host = host;
    includedPorts();
    uncapturedInbounds();
    outbounds();
  }

  static List<Interruption> between(Optional<RenderedHost> before, RenderedHost next) {
    Map<String, Interruption> now = new NothingBehind(next).found;
    before.ifPresent(old -> now.keySet().removeAll(new NothingBehind(old).found.keySet()));
    return List.copyOf(now.values());
  }

  private void includedPorts() {
    if (!host.capturesInbound()) {
      return;
    }
    List<Inbound> inbounds = host.dataplane().networking().inbound();
    for (PortRange range : requireNonNull(host.inbound().includePorts())) {
      if (inbounds.stream().noneMatch(inbound -> range.contains(inbound.port()))) {
        found.put(
            "included " + range,
            Interruption.ofSetting(
                host,
                INCLUDED,
                "no inbound is on "
                    + range
                    + ": captured connections pass to whatever listens there, if anything does"));
      }
    }
  }

  /**
   * A transparent inbound's port is served by Envoy's capture alone if the workload is elsewhere.
   */
  private void uncapturedInbounds() {
    if (!host.isTransparent()) {
      return;
    }
    Networking networking = host.dataplane().networking();
    for (int i = 0; i < networking.inbound().size(); i++) {
      Inbound inbound = networking.inbound().get(i);
      HostPort listener = networking.listener(inbound);
      HostPort workload = networking.workload(inbound);
      if (inbound.offersService()
          && !listener.canonical().equals(workload.canonical())
          && !host.captures(inbound.port())) {
        found.put(
            "uncaptured " + listener.canonical(),
            Interruption.ofDataplane(
                host,
                "networking.inbound[" + i + "].port",
                "connections to "
                    + listener
                    + " are not captured, so they do not reach the workload on "
                    + workload));
      }
    }
  }

  private void outbounds() {
    List<Outbound> outbounds = host.dataplane().networking().outbound();
    if (outbounds.isEmpty()) {
      return;
    }
    for (int i = 0; i < outbounds.size(); i++) {
      HostPort at = outbounds.get(i).listener().canonical();
      String address = at.toString();
      String cluster = cluster(at);
      if (!isServed(outbounds.get(i), at)) {
        found.put(
            "outbound " + address,
            Interruption.ofDataplane(
                host,
                "networking.outbound[" + i + "]",
                "connections to "
                    + address
                    + " end at once: no endpoint of "
                    + cluster
                    + " is known"));
      }
    }
  }

  private String cluster(HostPort at) {
    return host.bundle()
        .file(OutboundFiles.listener(at))
        .map(content -> JSON.readTree(content.text()).findValue("cluster"))
        .map(cluster -> cluster.asString(""))
        .orElse("");
  }

  private boolean isServed(Outbound outbound, HostPort at) {
    return OutboundFiles.endpoints(outbound, at).stream()
        .flatMap(path -> host.bundle().file(path).stream())
        .anyMatch(content -> JSON.readTree(content.text()).findValue("lb_endpoints") != null);
  }
}
