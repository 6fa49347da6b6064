package io.sluice.resources.policy;

import io.sluice.resources.policy.TargetRef.Kind;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import io.sluice.resources.validation.TagRules;

/** What may be said about whom a policy selects, with the messages that Kuma's users know. */
public final class TargetRefRules {

  private TargetRefRules() {}

  /** Says everything that is wrong or surprising about a top-level target. */
  public static void check(TargetRef target, Path at, Findings findings) {
    Kind of = target.kind();
    if (of == null) {
      findings.violation(at.field("kind"), "must be set");
      return;
    }
    String kind = spelling(of);
    boolean named =
        switch (of) {
          case MESH, MESH_SUBSET -> false;
          case MESH_SERVICE, MESH_SERVICE_SUBSET, DATAPLANE -> true;
        };
    boolean tagged = of == Kind.MESH_SUBSET || of == Kind.MESH_SERVICE_SUBSET;
    if (named && target.name() == null) {
      findings.violation(at.field("name"), "must be set with kind " + kind);
    }
    if (!named && target.name() != null) {
      findings.violation(
          at.field("name"),
          "must not be set with kind " + kind + "; it is \"" + target.name() + "\"");
    }
    if (tagged) {
      TagRules.check(target.tags(), at.field("tags"), findings);
    } else if (!target.tags().isEmpty()) {
      findings.violation(
          at.field("tags"), "must not be set with kind " + kind + "; they are " + target.tags());
    }
    if (named && !target.proxyTypes().isEmpty()) {
      findings.violation(
          at.field("proxyTypes"),
          "must not be set with kind " + kind + ", only with Mesh and MeshSubset");
    }
    if (target.sectionName() != null) {
      findings.warning(at.field("sectionName"), "means nothing here, as in Kuma");
    }
  }

  private static String spelling(Kind kind) {
    return switch (kind) {
      case MESH -> "Mesh";
      case MESH_SUBSET -> "MeshSubset";
      case MESH_SERVICE -> "MeshService";
      case MESH_SERVICE_SUBSET -> "MeshServiceSubset";
      case DATAPLANE -> "Dataplane";
    };
  }
}
