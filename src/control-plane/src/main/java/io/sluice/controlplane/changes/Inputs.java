package io.sluice.controlplane.changes;

import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Interest;
import io.sluice.rendering.services.Sight;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.policy.Selection;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * All that one dataplane's bundle is rendered from. Equal inputs give equal bundles, so that what
 * does not touch a dataplane does not render it again.
 *
 * @param dataplane with its host's address, if that is known, where it is declared with a name
 * @param policies those that select the dataplane, the winning one last
 * @param facts what is known about its host
 * @param sight what it sees of its mesh's services
 */
public record Inputs(
    Mesh mesh,
    Dataplane dataplane,
    List<MeshTransparentProxy> policies,
    Optional<HostFacts> facts,
    Sight sight) {

  /** Copies the list. */
  public Inputs {
    policies = List.copyOf(policies);
  }

  /**
   * The inputs of a dataplane.
   *
   * @param policies the mesh's, whomever they select
   * @param catalogue what the mesh offers
   */
  public static Inputs of(
      Mesh mesh,
      Dataplane dataplane,
      Collection<MeshTransparentProxy> policies,
      Optional<HostFacts> facts,
      Catalogue catalogue) {
    List<MeshTransparentProxy> selecting = Selection.of(policies, dataplane);
    Sight sight = Sight.of(catalogue, Interest.of(dataplane, selecting));
    return new Inputs(mesh, catalogue.located(dataplane), selecting, facts, sight);
  }

  /** What the dataplane asks for of its mesh's services. */
  public Interest interest() {
    return Interest.of(dataplane, policies);
  }

  /** Whether all is the same but for the services of the mesh. */
  public boolean equalsButForServices(Inputs other) {
    return mesh.equals(other.mesh)
        && dataplane.equals(other.dataplane)
        && policies.equals(other.policies)
        && facts.equals(other.facts);
  }

  /** What holds for the dataplane, and who said so. */
  public EffectiveTransparentProxy effective() {
    return EffectiveTransparentProxy.of(policies, dataplane);
  }
}
