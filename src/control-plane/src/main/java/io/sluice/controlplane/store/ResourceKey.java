package io.sluice.controlplane.store;

import io.sluice.resources.Resource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.discovery.ResolvedAddress;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.virtualoutbound.VirtualOutbound;

/**
 * What names a resource.
 *
 * @param type the document's type, such as {@code Dataplane}
 * @param mesh the resource's mesh; empty for a Mesh itself
 */
public record ResourceKey(String type, String mesh, String name)
    implements Comparable<ResourceKey> {

  /** The key of a mesh. */
  public static ResourceKey mesh(String name) {
    return new ResourceKey(Mesh.TYPE, "", name);
  }

  /** The key of a dataplane. */
  public static ResourceKey dataplane(String mesh, String name) {
    return new ResourceKey(Dataplane.TYPE, mesh, name);
  }

  /** The key of a policy of how traffic is captured. */
  public static ResourceKey transparentProxy(String mesh, String name) {
    return new ResourceKey(MeshTransparentProxy.TYPE, mesh, name);
  }

  /** The key of names of the operators' own choice. */
  public static ResourceKey virtualOutbound(String mesh, String name) {
    return new ResourceKey(VirtualOutbound.TYPE, mesh, name);
  }

  /** The key of what is known about a dataplane's host. */
  public static ResourceKey facts(String mesh, String dataplane) {
    return new ResourceKey(HostFacts.TYPE, mesh, dataplane);
  }

  /** The key of what probes found of a dataplane's applications. */
  public static ResourceKey health(String mesh, String dataplane) {
    return new ResourceKey(DataplaneHealth.TYPE, mesh, dataplane);
  }

  /** The key of whether a dataplane's agent is there. */
  public static ResourceKey presence(String mesh, String dataplane) {
    return new ResourceKey(DataplanePresence.TYPE, mesh, dataplane);
  }

  /** The key of a host's virtual addresses. */
  public static ResourceKey virtualAddress(String mesh, String host) {
    return new ResourceKey(VirtualAddress.TYPE, mesh, host);
  }

  /** The key of a resource. */
  public static ResourceKey of(Resource resource) {
    return switch (resource) {
      case Mesh mesh -> mesh(mesh.name());
      case Dataplane dataplane -> dataplane(dataplane.mesh(), dataplane.name());
      case MeshTransparentProxy policy -> transparentProxy(policy.mesh(), policy.name());
      case VirtualOutbound outbound -> virtualOutbound(outbound.mesh(), outbound.name());
      case HostFacts facts -> facts(facts.mesh(), facts.name());
      case DataplaneHealth health -> health(health.mesh(), health.name());
      case DataplanePresence presence -> presence(presence.mesh(), presence.name());
      case ResolvedAddress resolved ->
          new ResourceKey(ResolvedAddress.TYPE, resolved.mesh(), resolved.name());
      case VirtualAddress address -> virtualAddress(address.mesh(), address.name());
      default -> throw new IllegalArgumentException("not stored: " + resource.type());
    };
  }

  @Override
  public int compareTo(ResourceKey other) {
    int byMesh = mesh.compareTo(other.mesh);
    int byType = byMesh != 0 ? byMesh : type.compareTo(other.type);
    return byType != 0 ? byType : name.compareTo(other.name);
  }
}
