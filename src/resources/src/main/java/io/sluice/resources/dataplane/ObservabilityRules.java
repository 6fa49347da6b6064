package io.sluice.resources.dataplane;

import io.sluice.resources.document.Shown;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What metrics and virtual probes must say, though nothing is done with them yet. */
final class ObservabilityRules {

  private ObservabilityRules() {}

  static void check(Dataplane dataplane, Findings findings) {
    Metrics metrics = dataplane.metrics();
    if (metrics != null && !"prometheus".equals(metrics.type())) {
      findings.violation(
          Path.ROOT.field("metrics").field("type"),
          "unknown backend type. Available backends: \"prometheus\"; it is "
              + Shown.of(metrics.type() == null ? "" : metrics.type()));
    }
    if (dataplane.probes() != null) {
      check(dataplane.probes(), Path.ROOT.field("probes"), findings);
    }
  }

  private static void check(Probes probes, Path at, Findings findings) {
    checkPort(probes.port(), "port", at, findings);
    List<Probes.Endpoint> endpoints = probes.endpoints();
    for (int i = 0; i < endpoints.size(); i++) {
      Path endpoint = at.field("endpoints").index(i);
      checkPort(endpoints.get(i).inboundPort(), "inboundPort", endpoint, findings);
      checkUrlPath(endpoints.get(i).inboundPath(), endpoint.field("inboundPath"), findings);
      checkUrlPath(endpoints.get(i).path(), endpoint.field("path"), findings);
    }
  }

  private static void checkPort(
      @Nullable Integer port, String name, Path within, Findings findings) {
    Ports.check(port == null ? 0 : port, name, within.field(name), findings);
  }

  private static void checkUrlPath(@Nullable String path, Path at, Findings findings) {
    if (path == null || !path.startsWith("/")) {
      findings.violation(
          at,
          "should be a valid URL Path, beginning with /; it is "
              + Shown.of(path == null ? "" : path));
    }
  }
}
