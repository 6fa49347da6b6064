package io.sluice.resources.mesh;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Gateway;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import io.sluice.resources.validation.Violation;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Decides whether a dataplane may join a mesh ({@code constraints.dataplaneProxy}). */
public final class Membership {

  private Membership() {}

  /**
   * What keeps the dataplane out: each inbound's tags, and a gateway's, must meet one of the mesh's
   * requirements, if it has any, and none of its restrictions.
   */
  public static List<Violation> violations(Mesh mesh, Dataplane dataplane) {
    Constraints constraints = mesh.constraints();
    if (constraints == null || constraints.dataplaneProxy() == null) {
      return List.of();
    }
    Findings findings = new Findings();
    Path networking = Path.ROOT.field("networking");
    List<Inbound> inbounds = dataplane.networking().inbound();
    for (int i = 0; i < inbounds.size(); i++) {
      check(
          inbounds.get(i).tags(),
          mesh,
          constraints.dataplaneProxy(),
          networking.field("inbound").index(i).field("tags"),
          findings);
    }
    Gateway gateway = dataplane.networking().gateway();
    if (gateway != null) {
      check(
          gateway.tags(),
          mesh,
          constraints.dataplaneProxy(),
          networking.field("gateway").field("tags"),
          findings);
    }
    return findings.violations();
  }

  private static void check(
      SortedMap<String, String> tags,
      Mesh mesh,
      Constraints.DataplaneProxy constraints,
      Path at,
      Findings findings) {
    List<Constraints.Rule> requirements = constraints.requirements();
    if (!requirements.isEmpty() && requirements.stream().noneMatch(rule -> rule.matches(tags))) {
      findings.violation(
          at,
          "data plane proxy cannot join mesh \""
              + mesh.name()
              + "\": its tags "
              + shown(tags)
              + " meet none of the mesh's requirements: "
              + requirements.stream()
                  .map(rule -> shown(rule.tags()))
                  .collect(Collectors.joining(" or ")));
    }
    for (Constraints.Rule restriction : constraints.restrictions()) {
      if (restriction.matches(tags)) {
        findings.violation(
            at,
            "data plane proxy cannot join mesh \""
                + mesh.name()
                + "\": its tags "
                + shown(tags)
                + " meet a restriction of the mesh: "
                + shown(restriction.tags()));
      }
    }
  }

  private static String shown(SortedMap<String, String> tags) {
    return tags.entrySet().stream()
        .map((Map.Entry<String, String> tag) -> tag.getKey() + "=" + tag.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
