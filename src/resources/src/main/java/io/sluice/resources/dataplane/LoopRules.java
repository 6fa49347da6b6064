package io.sluice.resources.dataplane;

import io.sluice.resources.net.HostPort;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy may not be its own application. Without serviceAddress the workload's address is the
 * listener's, so in explicit mode an inbound that names only a port has Envoy dial itself; Kuma
 * accepts that. In transparent mode listeners are not bound and a workload that equals its listener
 * is the normal case, but the proxy's own ports, its outbounds and what leads back through the
 * advertised address are no workload there either.
 */
final class LoopRules {

  /** Longer circles are refused too, but not spelt out. */
  private static final int LONGEST_SHOWN_CHAIN = 16;

  private final Networking networking;
  private final boolean explicit;
  private final Findings findings;
  private final LocalAddresses local;
  private final List<ProxyPort> proxyPorts;
  private final Map<Path, Inbound> inbounds = new HashMap<>();

  LoopRules(Networking networking, Capture capture, Findings findings) {
    this.networking = networking;
    this.explicit = capture.mode() == Mode.NONE;
    this.findings = findings;
    this.local = new LocalAddresses(networking);
    this.proxyPorts = ProxyPort.of(capture);
  }

  void check() {
    BoundListeners bound = bound();
    Map<HostPort, Path> workloads = new HashMap<>();
    for (int i = 0; i < networking.inbound().size(); i++) {
      Inbound inbound = networking.inbound().get(i);
      HostPort workload = networking.workload(inbound);
      if (!Ports.isPort(workload.port())
          || !Ports.isPort(inbound.port())
          || !inbound.offersService()) {
        continue;
      }
      Path at = Fields.inbound(i);
      refuseProxyPort(workload, cause(inbound, at));
      bound.reachedFrom(workload).ifPresent(by -> refuse(at, inbound, by, bound));
      Path first = workloads.putIfAbsent(workload.canonical(), at);
      if (first != null) {
        findings.warning(
            cause(inbound, at), "leads to " + workload + ", where " + first + " leads too");
      }
    }
  }

  private BoundListeners bound() {
    BoundListeners bound = new BoundListeners(local);
    for (int i = 0; i < networking.inbound().size(); i++) {
      Inbound inbound = networking.inbound().get(i);
      if (!inbound.offersService()) {
        continue;
      }
      inbounds.put(Fields.inbound(i), inbound);
      HostPort listener = networking.listener(inbound);
      HostPort dialled = networking.dialled(inbound);
      if (explicit) {
        bound.add(listener, Fields.inbound(i));
      }
      if (networking.advertisedAddress() != null
          && !dialled.canonical().equals(listener.canonical())) {
        bound.add(dialled, Fields.inbound(i));
      }
    }
    for (int i = 0; i < networking.outbound().size(); i++) {
      bound.add(networking.outbound().get(i).listener(), Fields.outbound(i));
    }
    return bound;
  }

  private void refuseProxyPort(HostPort workload, Path cause) {
    for (ProxyPort proxyPort : proxyPorts) {
      if (proxyPort.port() == workload.port() && local.contains(workload.address())) {
        findings.violation(
            cause,
            "must not lead to the proxy itself; the workload is "
                + workload
                + ", and "
                + proxyPort);
      }
    }
  }

  private void refuse(Path at, Inbound inbound, Path by, BoundListeners bound) {
    findings.violation(
        cause(inbound, at),
        "must not lead to the proxy itself; the workload is "
            + networking.workload(inbound)
            + ", where "
            + (by.equals(at) ? "this inbound listens" : by + " listens")
            + chain(at, bound)
            + ". Give the application's own address or port, such as serviceAddress: 127.0.0.1"
            + (explicit ? ", or both redirect ports in transparentProxying" : ""));
  }

  /** How one comes back to an inbound by following workloads through others, if one does. */
  private String chain(Path start, BoundListeners bound) {
    List<String> ports = new ArrayList<>();
    Path current = start;
    while (ports.size() < LONGEST_SHOWN_CHAIN) {
      Inbound inbound = inbounds.get(current);
      if (inbound == null) {
        return "";
      }
      ports.add(String.valueOf(inbound.port()));
      Optional<Path> next = bound.reachedFrom(networking.workload(inbound));
      if (next.isEmpty()) {
        return "";
      }
      current = next.get();
      if (current.equals(start)) {
        return ports.size() == 1
            ? ""
            : " (" + String.join(" → ", ports) + " → " + ports.getFirst() + ")";
      }
    }
    return "";
  }

  /** The field to change: the one that names the workload, if any does. */
  private static Path cause(Inbound inbound, Path at) {
    return inbound.serviceAddress() != null && inbound.servicePort() == null
        ? at.field("serviceAddress")
        : at.field("servicePort");
  }
}
