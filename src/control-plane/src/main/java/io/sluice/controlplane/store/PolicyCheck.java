package io.sluice.controlplane.store;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.validation.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the policies of one transaction from making stored dataplanes invalid: a mode that turns an
 * inbound into a loop, a port that an application has. Judged at the transaction's end, as a stream
 * may bring the dataplanes that go with a policy.
 */
final class PolicyCheck {

  private static final int NAMED = 10;

  private final MeshResourceRows rows;
  private final DataplaneRows dataplanes;
  private final SpecJson json;
  private final Map<String, Changed> byMesh = new LinkedHashMap<>();

  PolicyCheck(MeshResourceRows rows, DataplaneRows dataplanes, SpecJson json) {
    this.rows = rows;
    this.dataplanes = dataplanes;
    this.json = json;
  }

  /** A mesh whose policies change, and the first of them. */
  private record Changed(ResourceKey first, List<MeshTransparentProxy> before) {}

  /**
   * A resource is about to be written.
   *
   * @param siblings all of its type in the mesh as they are now, as a JSON list
   */
  void before(ResourceKey key, @Nullable String siblings) {
    if (key.type().equals(MeshTransparentProxy.TYPE) && !byMesh.containsKey(key.mesh())) {
      byMesh.put(key.mesh(), new Changed(key, json.readAll(siblings, MeshTransparentProxy.class)));
    }
  }

  /** A resource is about to be deleted. */
  void before(ResourceKey key) {
    if (key.type().equals(MeshTransparentProxy.TYPE) && !byMesh.containsKey(key.mesh())) {
      byMesh.put(key.mesh(), new Changed(key, policies(key.mesh())));
    }
  }

  /**
   * Judges what the transaction has written.
   *
   * @throws StoreException.PolicyRefused with the dataplanes that would be invalid
   */
  void complete() {
    byMesh.forEach(this::complete);
  }

  private void complete(String mesh, Changed changed) {
    List<MeshTransparentProxy> after = policies(mesh);
    if (!mayMatter(changed.before(), after)) {
      return;
    }
    int refused = 0;
    List<Violation> named = new ArrayList<>();
    for (DataplaneRow row : dataplanes.findByMeshOrderByName(mesh)) {
      Dataplane dataplane = (Dataplane) row.stored(json).resource();
      if (Capturing.capture(changed.before(), dataplane)
          .equals(Capturing.capture(after, dataplane))) {
        continue;
      }
      List<Violation> violations = Capturing.violations(after, dataplane);
      if (!violations.isEmpty()) {
        refused++;
        if (named.size() < NAMED) {
          named.add(
              new Violation("Dataplane " + dataplane.name(), violations.getFirst().toString()));
        }
      }
    }
    if (refused > 0) {
      throw new StoreException.PolicyRefused(
          changed.first(),
          (refused == 1 ? "1 dataplane" : refused + " dataplanes")
              + " of mesh "
              + mesh
              + " would be invalid"
              + (refused > NAMED ? "; the first " + NAMED + " are named" : ""),
          named);
    }
  }

  private List<MeshTransparentProxy> policies(String mesh) {
    return rows.findByMeshAndTypeOrderByName(mesh, MeshTransparentProxy.TYPE).stream()
        .map(row -> (MeshTransparentProxy) row.stored(json).resource())
        .toList();
  }

  /** Whether what they say of the mode and of ports, or of whom, differs at all. */
  private static boolean mayMatter(
      List<MeshTransparentProxy> before, List<MeshTransparentProxy> after) {
    return !relevant(before).equals(relevant(after));
  }

  private static List<Object> relevant(List<MeshTransparentProxy> policies) {
    List<Object> relevant = new ArrayList<>();
    for (MeshTransparentProxy policy : policies) {
      var said = policy.conf().capture();
      if (!said.isEmpty()) {
        relevant.add(List.of(policy.labels(), String.valueOf(policy.targetRef()), said));
      }
    }
    return relevant;
  }
}
