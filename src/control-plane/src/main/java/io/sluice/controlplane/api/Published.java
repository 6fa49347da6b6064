package io.sluice.controlplane.api;

import io.sluice.controlplane.api.ServiceAnswer.ServiceName;
import io.sluice.rendering.services.Claim;
import io.sluice.rendering.services.Name;
import io.sluice.rendering.services.Names;
import io.sluice.resources.discovery.VirtualAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names of a mesh by the services to which they lead, or should have led. */
record Published(Map<String, List<ServiceName>> byService) {

  static Published of(Names names) {
    Map<String, List<ServiceName>> byService = new HashMap<>();
    for (Name name : names.names()) {
      for (Name.Port port : name.ports()) {
        add(name, port.winner(), false, byService);
        port.losers().stream()
            .filter(loser -> !loser.service().equals(port.winner().service()))
            .forEach(loser -> add(name, loser, true, byService));
      }
    }
    return new Published(byService);
  }

  private static void add(
      Name name, Claim claim, boolean lost, Map<String, List<ServiceName>> byService) {
    byService
        .computeIfAbsent(claim.service(), service -> new ArrayList<>())
        .add(
            new ServiceName(
                name.host(),
                claim.port(),
                name.address().map(VirtualAddress::ipv4).map(Object::toString).orElse(null),
                name.address().map(VirtualAddress::ipv6).map(Object::toString).orElse(null),
                lost));
  }

  List<ServiceName> of(String service) {
    return byService.getOrDefault(service, List.of());
  }
}
