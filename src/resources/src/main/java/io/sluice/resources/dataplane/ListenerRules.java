package io.sluice.resources.dataplane;

import io.sluice.resources.net.HostPort;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nobody may listen where another does. Kuma accepts two inbounds on one listener, and the last one
 * wins silently; it accepts ports that the proxy itself needs.
 */
final class ListenerRules {

  private final Dataplane dataplane;
  private final Networking networking;
  private final Findings findings;
  private final List<ProxyPort> proxyPorts;
  private final Map<HostPort, Path> taken = new HashMap<>();

  ListenerRules(Dataplane dataplane, Findings findings) {
    this.dataplane = dataplane;
    this.networking = dataplane.networking();
    this.findings = findings;
    this.proxyPorts = ProxyPort.of(networking);
  }

  void check() {
    for (int i = 0; i < networking.inbound().size(); i++) {
      HostPort listener = networking.listener(networking.inbound().get(i));
      take(listener, Fields.inbound(i));
      refuseProxyPort(listener.port(), Fields.inbound(i).field("port"));
    }
    for (int i = 0; i < networking.outbound().size(); i++) {
      HostPort listener = networking.outbound().get(i).listener();
      if (dataplane.mode() == Mode.NONE) {
        take(listener, Fields.outbound(i));
      }
      refuseProxyPort(listener.port(), Fields.outbound(i).field("port"));
    }
    if (networking.admin() != null && networking.admin().port() != null) {
      checkAdmin(networking.admin().port());
    }
  }

  private void take(HostPort listener, Path by) {
    if (!Ports.isPort(listener.port())) {
      return;
    }
    Path first = taken.putIfAbsent(listener.canonical(), by);
    if (first != null) {
      findings.violation(
          by.field("port"),
          "must listen on an address and port of its own; " + listener + " is taken by " + first);
    }
  }

  private void refuseProxyPort(int port, Path at) {
    for (ProxyPort proxyPort : proxyPorts) {
      if (proxyPort.port() == port) {
        findings.violation(at, "must not be a port of the proxy; " + proxyPort);
      }
    }
  }

  private void checkAdmin(int port) {
    Ports.check(port, "port", Fields.ADMIN_PORT, findings);
    refuseProxyPort(port, Fields.ADMIN_PORT);
    LocalAddresses local = new LocalAddresses(networking);
    HostPort admin = new HostPort("127.0.0.1", port);
    for (int i = 0; i < networking.inbound().size(); i++) {
      Inbound inbound = networking.inbound().get(i);
      if (local.reaches(admin, networking.listener(inbound))
          || local.reaches(networking.workload(inbound), admin)) {
        findings.violation(
            Fields.ADMIN_PORT,
            "must differ from inbound; " + port + " is used by " + Fields.inbound(i));
      }
    }
    for (int i = 0; i < networking.outbound().size(); i++) {
      if (local.reaches(admin, networking.outbound().get(i).listener())) {
        findings.violation(
            Fields.ADMIN_PORT,
            "must differ from outbound; " + port + " is used by " + Fields.outbound(i));
      }
    }
  }
}
