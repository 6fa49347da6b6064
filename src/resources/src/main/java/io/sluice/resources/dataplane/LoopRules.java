package io.sluice.resources.dataplane;

import io.sluice.resources.net.HostPort;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The proxy may not be its own application. Without serviceAddress the workload's address is the
 * listener's, so in explicit mode an inbound that names only a port has Envoy dial itself; Kuma
 * accepts that. In transparent mode listeners are not bound and a workload that equals its listener
 * is the normal case, but the proxy's own ports, its outbounds and what leads back through the
 * advertised address are no workload there either.
 */
final class LoopRules {

  private final Dataplane dataplane;
  private final Networking networking;
  private final Findings findings;
  private final LocalAddresses local;

  /** A place where the proxy takes connections. */
  private record Bound(HostPort place, Path by) {}

  LoopRules(Dataplane dataplane, Findings findings) {
    this.dataplane = dataplane;
    this.networking = dataplane.networking();
    this.findings = findings;
    this.local = new LocalAddresses(networking);
  }

  void check() {
    List<Bound> bound = bound();
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
      refuseProxyPort(workload, inbound, at);
      for (Bound listener : bound) {
        if (local.reaches(workload, listener.place())) {
          refuse(i, workload, listener);
          break;
        }
      }
      Path first = workloads.putIfAbsent(workload.canonical(), at);
      if (first != null) {
        findings.warning(
            cause(inbound, at), "leads to " + workload + ", where " + first + " leads too");
      }
    }
  }

  private List<Bound> bound() {
    List<Bound> bound = new ArrayList<>();
    boolean explicit = dataplane.mode() == Mode.NONE;
    for (int i = 0; i < networking.inbound().size(); i++) {
      Inbound inbound = networking.inbound().get(i);
      if (!inbound.offersService()) {
        continue;
      }
      if (explicit) {
        bound.add(new Bound(networking.listener(inbound), Fields.inbound(i)));
      }
      if (networking.advertisedAddress() != null) {
        HostPort dialled = networking.dialled(inbound);
        if (!dialled.canonical().equals(networking.listener(inbound).canonical())) {
          bound.add(new Bound(dialled, Fields.inbound(i)));
        }
      }
    }
    for (int i = 0; i < networking.outbound().size(); i++) {
      bound.add(new Bound(networking.outbound().get(i).listener(), Fields.outbound(i)));
    }
    return bound;
  }

  private void refuseProxyPort(HostPort workload, Inbound inbound, Path at) {
    for (ProxyPort proxyPort : ProxyPort.of(networking)) {
      if (proxyPort.port() == workload.port() && local.contains(workload.address())) {
        findings.violation(
            cause(inbound, at),
            "must not lead to the proxy itself; the workload is "
                + workload
                + ", and "
                + proxyPort);
      }
    }
  }

  private void refuse(int index, HostPort workload, Bound listener) {
    Inbound inbound = networking.inbound().get(index);
    Path at = Fields.inbound(index);
    boolean itself = listener.by().equals(at);
    findings.violation(
        cause(inbound, at),
        "must not lead to the proxy itself; the workload is "
            + workload
            + ", where "
            + (itself ? "this inbound listens" : listener.by() + " listens")
            + chain(index)
            + ". Give the application's own address or port, such as serviceAddress: 127.0.0.1"
            + (dataplane.mode() == Mode.NONE
                ? ", or both redirect ports in transparentProxying"
                : ""));
  }

  /** How one comes back to an inbound by following workloads, if one does. */
  private String chain(int start) {
    StringBuilder chain = new StringBuilder(" (" + networking.inbound().get(start).port());
    List<Integer> visited = new ArrayList<>();
    int current = start;
    while (!visited.contains(current)) {
      visited.add(current);
      HostPort workload = networking.workload(networking.inbound().get(current));
      int next = -1;
      for (int i = 0; i < networking.inbound().size(); i++) {
        if (local.reaches(workload, networking.listener(networking.inbound().get(i)))) {
          next = i;
          break;
        }
      }
      if (next < 0) {
        return "";
      }
      chain.append(" → ").append(networking.inbound().get(next).port());
      current = next;
    }
    return visited.size() > 1 && current == start ? chain + ")" : "";
  }

  /** The field to change: the one that names the workload, if any does. */
  private static Path cause(Inbound inbound, Path at) {
    return inbound.serviceAddress() != null && inbound.servicePort() == null
        ? at.field("serviceAddress")
        : at.field("servicePort");
  }
}
