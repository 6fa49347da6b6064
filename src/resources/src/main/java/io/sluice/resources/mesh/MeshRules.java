package io.sluice.resources.mesh;

import io.sluice.resources.dataplane.Metrics;
import io.sluice.resources.document.Shown;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.NameRules;
import io.sluice.resources.validation.Path;
import io.sluice.resources.validation.TagRules;
import java.util.List;

/** All rules for a Mesh, with Kuma's words. */
public final class MeshRules {

  private static final int LONGEST_NAME = 63;

  private MeshRules() {}

  /** Says everything that is wrong with a mesh. */
  public static void check(Mesh mesh, Findings findings) {
    Path name = Path.ROOT.field("name");
    NameRules.checkName(mesh.name(), name, findings);
    if (mesh.name().length() > LONGEST_NAME) {
      findings.violation(
          name,
          "cannot be longer than " + LONGEST_NAME + " characters; it has " + mesh.name().length());
    }
    NameRules.checkLabels(mesh.labels(), findings);
    MtlsRules.check(mesh, findings);
    if (mesh.tracing() != null) {
      check(mesh.tracing(), Path.ROOT.field("tracing"), findings);
    }
    if (mesh.logging() != null) {
      check(mesh.logging(), Path.ROOT.field("logging"), findings);
    }
    if (mesh.metrics() != null) {
      check(mesh.metrics(), Path.ROOT.field("metrics"), findings);
    }
    if (mesh.constraints() != null && mesh.constraints().dataplaneProxy() != null) {
      check(mesh.constraints().dataplaneProxy(), findings);
    }
  }

  private static void check(Tracing tracing, Path at, Findings findings) {
    BackendNames names = new BackendNames(at.field("backends"), findings);
    for (Tracing.Backend backend : tracing.backends()) {
      Path place = names.add(backend.name());
      Double sampling = backend.sampling();
      if (sampling != null && !(sampling >= 0 && sampling <= 100)) {
        findings.violation(
            place.field("sampling"), "has to be in [0.0 - 100.0] range; it is " + sampling);
      }
    }
    names.require(
        tracing.defaultBackend(),
        at.field("defaultBackend"),
        "has to be set to one of the tracing backend in mesh");
  }

  private static void check(Logging logging, Path at, Findings findings) {
    BackendNames names = new BackendNames(at.field("backends"), findings);
    logging.backends().forEach(backend -> names.add(backend.name()));
    names.require(
        logging.defaultBackend(),
        at.field("defaultBackend"),
        "has to be set to one of the logging backend in mesh");
  }

  private static void check(MeshMetrics metrics, Path at, Findings findings) {
    BackendNames names = new BackendNames(at.field("backends"), findings);
    for (Metrics backend : metrics.backends()) {
      Path place = names.add(backend.name() == null ? "" : backend.name());
      if (!"prometheus".equals(backend.type())) {
        findings.violation(
            place.field("type"),
            "unknown backend type. Available backends: \"prometheus\"; it is "
                + Shown.of(backend.type() == null ? "" : backend.type()));
      }
    }
    names.require(
        metrics.enabledBackend(),
        at.field("enabledBackend"),
        "has to be set to one of the backends in the mesh");
  }

  private static void check(Constraints.DataplaneProxy constraints, Findings findings) {
    Path at = Path.ROOT.field("constraints").field("dataplaneProxy");
    check(constraints.requirements(), at.field("requirements"), findings);
    check(constraints.restrictions(), at.field("restrictions"), findings);
  }

  private static void check(List<Constraints.Rule> rules, Path at, Findings findings) {
    for (int i = 0; i < rules.size(); i++) {
      TagRules.checkSelector(rules.get(i).tags(), at.index(i).field("tags"), findings);
    }
  }
}
