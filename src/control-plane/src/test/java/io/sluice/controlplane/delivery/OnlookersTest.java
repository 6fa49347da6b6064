package io.sluice.controlplane.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.services.Catalogue;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class OnlookersTest {

  private static final Mesh MESH = (Mesh) resource("type: Mesh\nname: default\n");
  private static final ResourceKey ALL = ResourceKey.dataplane("default", "all");
  private static final ResourceKey DB_ALONE = ResourceKey.dataplane("default", "db-alone");

  private final Views views = new Views();
  private final Onlookers onlookers = new Onlookers(views);

  OnlookersTest() {
    views.put(ALL, "[]");
    views.put(DB_ALONE, "[db]");
    views.offer("backend-01", "10.0.1.1", "backend");
    views.offer("db-01", "10.0.2.1", "db");
    views.catalogue = views.catalogue.with(address("backend.mesh", 1)).with(address("db.mesh", 2));
    onlookers.join(ALL);
    onlookers.join(DB_ALONE);
  }

  @Test
  void anEndpointConcernsThoseWhoReachItsService() {
    views.offer("backend-02", "10.0.1.2", "backend");
    assertThat(onlookers.concerned("default")).containsExactly(ALL);

    views.offer("db-02", "10.0.2.2", "db");
    assertThat(onlookers.concerned("default")).containsExactlyInAnyOrder(ALL, DB_ALONE);
  }

  @Test
  void whatChangesNothingForOthersConcernsNobody() {
    views.offer("backend-01", "10.0.1.1", "backend");

    assertThat(onlookers.concerned("default")).isEmpty();
    assertThat(onlookers.concerned("other")).isEmpty();
  }

  @Test
  void whoJoinedAfterAChangeIsConcernedWhenItIsTakenBackBeforeAnyoneLooked() {
    Catalogue first = views.catalogue;
    views.offer("backend-02", "10.0.1.2", "backend");
    onlookers.join(ALL);
    views.catalogue = first;

    assertThat(onlookers.concerned("default")).containsExactly(ALL);
  }

  @Test
  void aDataplaneThatAsksForOtherServicesIsLookedAtWithTheirs() {
    views.put(ALL, "[db]");
    onlookers.join(ALL);
    views.offer("backend-02", "10.0.1.2", "backend");

    assertThat(onlookers.concerned("default")).isEmpty();
  }

  @Test
  void whoLeftIsNotConcerned() {
    onlookers.leave(ALL);
    views.offer("backend-02", "10.0.1.2", "backend");

    assertThat(onlookers.concerned("default")).isEmpty();
  }

  @Test
  void whomAPolicyKeepsFromCapturingIsConcernedByNoServiceUntilItsEnd() {
    views.policies = List.of(policy("{mode: none}"));
    onlookers.join(ALL);
    views.offer("backend-02", "10.0.1.2", "backend");
    assertThat(onlookers.concerned("default")).isEmpty();

    views.policies = List.of(policy("{redirect: {outbound: {enabled: false}}}"));
    onlookers.join(ALL);
    views.offer("backend-03", "10.0.1.3", "backend");
    assertThat(onlookers.concerned("default")).isEmpty();

    views.policies = List.of();
    onlookers.join(ALL);
    views.offer("backend-04", "10.0.1.4", "backend");
    assertThat(onlookers.concerned("default")).containsExactly(ALL);
  }

  private static MeshTransparentProxy policy(String conf) {
    return (MeshTransparentProxy)
        resource(
            "type: MeshTransparentProxy\nmesh: default\nname: all\nspec: {targetRef: {kind:"
                + " Mesh}, default: "
                + conf
                + "}\n");
  }

  private static VirtualAddress address(String host, int number) {
    return new VirtualAddress(
        "default",
        host,
        IpAddress.parse("240.0.0." + number).orElseThrow(),
        IpAddress.parse("fd00:5:1::" + number).orElseThrow(),
        null);
  }

  private static Object resource(String yaml) {
    return ResourceReader.read(
            DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML))
        .resource();
  }

  private static Dataplane read(String name, String address, String more) {
    return (Dataplane)
        resource(
            """
            type: Dataplane
            mesh: default
            name: %s
            networking:
              address: %s
            """
                    .formatted(name, address)
                + more);
  }

  /** A mesh as the test says it is. */
  private static final class Views implements MeshViews {
    private final Map<ResourceKey, Dataplane> dataplanes = new HashMap<>();
    private Catalogue catalogue = Catalogue.empty();
    private List<MeshTransparentProxy> policies = List.of();

    void put(ResourceKey key, String reachable) {
      dataplanes.put(
          key,
          read(
              key.name(),
              "10.0.9.1",
              """
                gateway:
                  tags: {kuma.io/service: edge}
                transparentProxying:
                  redirectPortInbound: 15006
                  redirectPortOutbound: 15001
                  reachableServices: %s
              """
                  .formatted(reachable)));
    }

    void offer(String name, String address, String service) {
      catalogue =
          catalogue.with(
              read(
                  name,
                  address,
                  """
                    inbound:
                    - port: 8080
                      serviceAddress: 127.0.0.1
                      tags: {kuma.io/service: %s}
                  """
                      .formatted(service)));
    }

    @Override
    public Collection<StoredResource> dataplanes(String mesh) {
      return List.of();
    }

    @Override
    public Optional<View> dataplane(ResourceKey key) {
      return Optional.ofNullable(dataplanes.get(key))
          .map(
              dataplane ->
                  new View(
                      Inputs.of(MESH, dataplane, policies, Optional.empty(), catalogue),
                      new StoredResource(key, dataplane, 1, Instant.EPOCH, Instant.EPOCH),
                      1));
    }

    @Override
    public Optional<StoredResource> find(ResourceKey key) {
      return dataplane(key).map(View::stored);
    }

    @Override
    public Collection<MeshTransparentProxy> policies(String mesh) {
      return policies;
    }

    @Override
    public Catalogue catalogue(String mesh) {
      return mesh.equals("default") ? catalogue : Catalogue.empty();
    }

    @Override
    public boolean loaded() {
      return true;
    }

    @Override
    public void onChange(Consumer<Set<ResourceKey>> listener) {
      throw new UnsupportedOperationException("the test says what changes");
    }
  }
}
