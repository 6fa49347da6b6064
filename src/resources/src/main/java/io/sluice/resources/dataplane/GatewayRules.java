package io.sluice.resources.dataplane;

import io.sluice.resources.document.Shown;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import io.sluice.resources.validation.TagRules;

/** What a gateway may have beside itself, and what anyone else needs instead. */
record GatewayRules(Dataplane dataplane, Findings findings) {

  void check() {
    Networking networking = dataplane.networking();
    Gateway gateway = networking.gateway();
    if (gateway == null) {
      if (networking.inbound().isEmpty()) {
        findings.violation(
            Fields.NETWORKING, "has to contain at least one inbound interface or gateway");
      }
      return;
    }
    check(gateway);
    String kind = gateway.type() == Gateway.Kind.BUILTIN ? "builtin" : "delegated";
    if (!networking.inbound().isEmpty()) {
      findings.violation(
          Fields.NETWORKING.field("inbound"),
          "inbound cannot be defined for " + kind + " gateways");
    }
    if (gateway.type() == Gateway.Kind.BUILTIN) {
      checkBuiltin(networking);
    }
  }

  private void checkBuiltin(Networking networking) {
    if (!networking.outbound().isEmpty()) {
      findings.violation(
          Fields.NETWORKING.field("outbound"), "outbound cannot be defined for builtin gateways");
    }
    if (dataplane.probes() != null) {
      findings.violation(
          Path.ROOT.field("probes"), "probes cannot be defined for builtin gateways");
    }
    findings.warning(
        Fields.NETWORKING.field("gateway").field("type"),
        "BUILTIN is kept but has no effect yet: Envoy does not become a gateway");
  }

  private void check(Gateway gateway) {
    Path tags = Fields.NETWORKING.field("gateway").field("tags");
    TagRules.check(gateway.tags(), tags, findings);
    if (!gateway.tags().containsKey(Inbound.SERVICE_TAG)) {
      findings.violation(tags, "mandatory tag \"" + Inbound.SERVICE_TAG + "\" is missing");
    }
    String protocol = gateway.tags().get(Inbound.PROTOCOL_TAG);
    if (protocol != null && !protocol.equals("tcp")) {
      findings.violation(
          tags.key(Inbound.PROTOCOL_TAG),
          "other values than tcp are not allowed, provided value " + Shown.of(protocol));
    }
  }
}
