package io.sluice.resources.dataplane;

import io.sluice.resources.document.Shown;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import io.sluice.resources.validation.TagRules;
import java.util.List;

/** What an outbound must say: a port, and the service by tags or by reference. */
record OutboundRules(Networking networking, Findings findings) {

  static final List<String> KINDS =
      List.of("MeshExternalService", "MeshMultiZoneService", "MeshService");

  void check() {
    for (int i = 0; i < networking.outbound().size(); i++) {
      check(networking.outbound().get(i), Fields.outbound(i));
    }
  }

  private void check(Outbound outbound, Path at) {
    Ports.check(outbound.port(), "port", at.field("port"), findings);
    Outbound.BackendRef backend = outbound.backendRef();
    Path tags = at.field("tags");
    if (backend != null) {
      check(backend, at.field("backendRef"));
      if (!outbound.tags().isEmpty()) {
        findings.violation(
            at.field("backendRef"), "both backendRef and tags/service cannot be defined");
      }
    } else {
      TagRules.check(outbound.tags(), tags, findings);
      if (!outbound.tags().containsKey(Inbound.SERVICE_TAG)) {
        findings.violation(tags, "mandatory tag \"" + Inbound.SERVICE_TAG + "\" is missing");
      }
    }
  }

  private void check(Outbound.BackendRef backend, Path at) {
    checkKind(backend.kind(), at.field("kind"), findings);
    if (backend.name() == null && backend.labels().isEmpty()) {
      findings.violation(at, "either 'name' or 'labels' should be specified");
    }
    boolean portMatters = !backend.kind().equals("MeshExternalService");
    int port = backend.port() == null ? 0 : backend.port();
    if (portMatters || port != 0) {
      Ports.check(port, "port", at.field("port"), findings);
    }
  }

  static void checkKind(String kind, Path at, Findings findings) {
    if (!KINDS.contains(kind)) {
      findings.violation(
          at,
          "invalid value. Available values are: "
              + String.join(",", KINDS)
              + "; it is "
              + Shown.of(kind));
    }
  }
}
