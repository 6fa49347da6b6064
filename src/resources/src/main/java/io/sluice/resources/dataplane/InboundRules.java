package io.sluice.resources.dataplane;

import io.sluice.resources.document.Shown;
import io.sluice.resources.net.HostName;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import io.sluice.resources.validation.TagRules;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an inbound must say, each by itself. */
record InboundRules(Networking networking, Findings findings) {

  private static final List<String> PROTOCOLS = List.of("grpc", "http", "http2", "kafka", "tcp");

  void check() {
    for (int i = 0; i < networking.inbound().size(); i++) {
      check(networking.inbound().get(i), Fields.inbound(i));
    }
  }

  private void check(Inbound inbound, Path at) {
    Ports.check(inbound.port(), "port", at.field("port"), findings);
    if (inbound.servicePort() != null) {
      Ports.check(inbound.servicePort(), "servicePort", at.field("servicePort"), findings);
    }
    if (repeatsItsListener(inbound)) {
      findings.violation(
          at.field("serviceAddress"),
          "serviceAddress and servicePort has to differ from address and port; both are "
              + networking.workload(inbound));
    }
    Path tags = at.field("tags");
    if (!inbound.tags().containsKey(Inbound.SERVICE_TAG)) {
      findings.violation(tags.key(Inbound.SERVICE_TAG), "tag has to exist");
    }
    TagRules.check(inbound.tags(), tags, findings);
    checkProtocol(inbound.tags().get(Inbound.PROTOCOL_TAG), tags.key(Inbound.PROTOCOL_TAG));
    if (inbound.serviceProbe() != null) {
      checkProbe(inbound.serviceProbe(), at.field("serviceProbe"));
    }
  }

  /** Kuma compares the texts and so misses other spellings of the same address. */
  private boolean repeatsItsListener(Inbound inbound) {
    String workload = inbound.serviceAddress();
    if (workload == null
        || (inbound.servicePort() != null && inbound.servicePort() != inbound.port())) {
      return false;
    }
    String canonical = HostName.canonical(workload);
    return canonical.equals(HostName.canonical(networking.address()))
        || (inbound.address() != null && canonical.equals(HostName.canonical(inbound.address())));
  }

  private void checkProtocol(@Nullable String protocol, Path at) {
    if (protocol == null) {
      return;
    }
    String lower = protocol.toLowerCase(Locale.ROOT);
    if (!PROTOCOLS.contains(lower) && !lower.equals("tls")) {
      findings.violation(
          at,
          "tag \""
              + Inbound.PROTOCOL_TAG
              + "\" has an invalid value "
              + Shown.of(protocol)
              + ". Allowed values: "
              + String.join(", ", PROTOCOLS));
    }
  }

  private void checkProbe(ServiceProbe probe, Path at) {
    checkPositive(probe.interval(), at.field("interval"));
    checkPositive(probe.timeout(), at.field("timeout"));
    checkPositive(probe.unhealthyThreshold(), at.field("unhealthyThreshold"));
    checkPositive(probe.healthyThreshold(), at.field("healthyThreshold"));
  }

  private void checkPositive(@Nullable Duration span, Path at) {
    if (span != null && !span.isPositive()) {
      findings.violation(at, "must have a positive value; it is " + span.toSeconds() + "s");
    }
  }

  private void checkPositive(@Nullable Integer count, Path at) {
    if (count != null && count <= 0) {
      findings.violation(at, "must have a positive value; it is " + count);
    }
  }
}
