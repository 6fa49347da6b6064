package io.sluice.resources.mesh;

import io.sluice.resources.document.Shown;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What mutual TLS must say: at most one authority, of a kind there is. */
final class MtlsRules {

  private static final List<String> TYPES = List.of("builtin", "provided");

  /** Go's durations, and days, weeks and years as Kuma adds them. */
  private static final Pattern EXPIRATION =
      Pattern.compile("([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h|d|w|y))+");

  private MtlsRules() {}

  static void check(Mesh mesh, Findings findings) {
    Path at = Path.ROOT.field("mtls");
    Mtls mtls = mesh.mtls();
    boolean enabled = mtls != null && mtls.enabledBackend() != null;
    if (mesh.routing() != null && Boolean.TRUE.equals(mesh.routing().zoneEgress()) && !enabled) {
      findings.violation(at, "has to be set when zoneEgress enabled");
    }
    if (mtls == null) {
      return;
    }
    if (mtls.backends().size() > 1) {
      findings.violation(
          at.field("backends"),
          "cannot have more than 1 backends; it has " + mtls.backends().size());
    }
    BackendNames names = new BackendNames(at.field("backends"), findings);
    for (Mtls.Backend backend : mtls.backends()) {
      check(backend, names.add(backend.name()), findings);
    }
    names.require(
        mtls.enabledBackend(),
        at.field("enabledBackend"),
        "has to be set to one of the backends in the mesh");
  }

  private static void check(Mtls.Backend backend, Path at, Findings findings) {
    if (!TYPES.contains(backend.type())) {
      findings.violation(
          at.field("type"),
          "could not find installed plugin for this type: "
              + Shown.of(backend.type())
              + "; allowed: "
              + String.join(", ", TYPES));
    }
    String expiration = expiration(backend.dpCert());
    if (expiration != null && !EXPIRATION.matcher(expiration).matches()) {
      findings.violation(
          at.field("dpCert").field("rotation").field("expiration"),
          "has to be a valid format, such as 24h or 30d; it is " + Shown.of(expiration));
    }
  }

  private static @Nullable String expiration(Mtls.@Nullable DpCert certificate) {
    return certificate == null || certificate.rotation() == null
        ? null
        : certificate.rotation().expiration();
  }
}
