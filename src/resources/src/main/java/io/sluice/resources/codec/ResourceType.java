package io.sluice.resources.codec;

import io.sluice.resources.Resource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.DataplaneRules;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.discovery.ResolvedAddress;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.mesh.MeshRules;
import io.sluice.resources.shape.RecordReader;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.transparentproxy.MeshTransparentProxyRules;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import io.sluice.resources.virtualoutbound.VirtualOutboundRules;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * A type of resource that documents may describe.
 *
 * @param text as it stands in a document's {@code type}
 * @param record whose components are the document's fields
 * @param rules how a resource of the type is judged
 */
record ResourceType<R extends Record & Resource>(
    String text, Class<R> record, BiConsumer<R, Findings> rules) {

  private static final List<ResourceType<?>> ALL =
      List.of(
          new ResourceType<>(Mesh.TYPE, Mesh.class, MeshRules::check),
          new ResourceType<>(Dataplane.TYPE, Dataplane.class, DataplaneRules::check),
          new ResourceType<>(
              MeshTransparentProxy.TYPE,
              MeshTransparentProxy.class,
              MeshTransparentProxyRules::check),
          new ResourceType<>(
              VirtualOutbound.TYPE, VirtualOutbound.class, VirtualOutboundRules::check));

  /** What agents and the control plane itself write; no document of an operator is one. */
  private static final List<ResourceType<?>> FOUND =
      List.of(
          found(HostFacts.TYPE, HostFacts.class),
          found(DataplaneHealth.TYPE, DataplaneHealth.class),
          found(DataplanePresence.TYPE, DataplanePresence.class),
          found(ResolvedAddress.TYPE, ResolvedAddress.class),
          found(VirtualAddress.TYPE, VirtualAddress.class));

  private static <R extends Record & Resource> ResourceType<R> found(String text, Class<R> record) {
    return new ResourceType<>(text, record, (resource, findings) -> {});
  }

  /** The type of a document that a store kept. */
  static Optional<ResourceType<?>> stored(String text) {
    return Stream.concat(ALL.stream(), FOUND.stream())
        .filter(type -> type.text.equals(text))
        .findFirst();
  }

  /** The type of a document that somebody wrote. */
  static Optional<ResourceType<?>> of(String text) {
    return ALL.stream().filter(type -> type.text.equals(text)).findFirst();
  }

  static List<String> texts() {
    return ALL.stream().<String>map(ResourceType::text).toList();
  }

  Resource read(ObjectNode document, List<String> others, RecordReader reader) {
    return reader.read(document, record, others);
  }

  /** Judges what the policies of the resource's mesh decide. */
  void checkInMesh(
      Resource resource, Collection<MeshTransparentProxy> policies, Findings findings) {
    if (resource instanceof Dataplane dataplane) {
      DataplaneRules.checkCaptured(
          dataplane, EffectiveTransparentProxy.of(policies, dataplane).capture(), findings);
    }
  }

  void check(Resource resource, Findings findings) {
    rules.accept(record.cast(resource), findings);
  }
}
