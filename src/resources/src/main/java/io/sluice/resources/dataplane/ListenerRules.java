package io.sluice.resources.dataplane;

import io.sluice.resources.net.HostPort;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Nobody may listen where another does. Kuma accepts two inbounds on one listener, and the last one
 * wins silently.
 */
final class ListenerRules {

  private final Networking networking;
  private final Findings findings;
  private final LocalAddresses local;
  private final Map<HostPort, Path> taken = new HashMap<>();

  ListenerRules(Networking networking, Findings findings) {
    this.networking = networking;
    this.findings = findings;
    this.local = new LocalAddresses(networking);
  }

  void check() {
    for (int i = 0; i < networking.inbound().size(); i++) {
      Inbound inbound = networking.inbound().get(i);
      if (!inbound.offersService()) {
        continue;
      }
      take(networking.listener(inbound), Fields.inbound(i));
    }
    for (int i = 0; i < networking.outbound().size(); i++) {
      take(networking.outbound().get(i).listener(), Fields.outbound(i));
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

  /** Envoy answers on the host's address; Kuma's rule speaks of loopback. */
  private boolean meets(int adminPort, HostPort place) {
    return Stream.of(networking.address(), Outbound.DEFAULT_ADDRESS)
        .anyMatch(address -> local.reaches(place, new HostPort(address, adminPort)));
  }

  private void checkAdmin(int port) {
    Ports.check(port, "port", Fields.ADMIN_PORT, findings);
    for (int i = 0; i < networking.inbound().size(); i++) {
      Inbound inbound = networking.inbound().get(i);
      if (meets(port, networking.listener(inbound)) || meets(port, networking.workload(inbound))) {
        findings.violation(
            Fields.ADMIN_PORT,
            "must differ from inbound; " + port + " is used by " + Fields.inbound(i));
      }
    }
    for (int i = 0; i < networking.outbound().size(); i++) {
      if (meets(port, networking.outbound().get(i).listener())) {
        findings.violation(
            Fields.ADMIN_PORT,
            "must differ from outbound; " + port + " is used by " + Fields.outbound(i));
      }
    }
  }
}
