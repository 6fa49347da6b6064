package io.sluice.controlplane.changes;

import static io.sluice.controlplane.store.Samples.dataplane;
import static io.sluice.controlplane.store.Samples.mesh;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.services.Claim;
import io.sluice.resources.Resource;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import io.sluice.resources.virtualoutbound.VirtualOutbound.Conf;
import io.sluice.resources.virtualoutbound.VirtualOutbound.Parameter;
import io.sluice.resources.virtualoutbound.VirtualOutbound.Selector;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ResourcesTest {

  private static final Instant EARLY = Instant.parse("2026-11-23T00:00:00.000001Z");
  private static final Instant LATE = Instant.parse("2026-11-23T00:00:00.000002Z");

  @Test
  void eachMeshOffersWhatItsDataplanesDo() {
    Resources resources =
        Resources.none()
            .with(stored(dataplane("one", "a", "10.0.0.1", 80), EARLY))
            .with(stored(mesh("one"), EARLY));

    assertThat(resources.catalogue("one").hosts()).containsExactly("web.mesh");
    assertThat(resources.catalogue("two").isEmpty()).isTrue();
  }

  @Test
  void nothingIsOfferedWhenTheLastDataplaneGoes() {
    Resources resources =
        Resources.none()
            .with(stored(dataplane("one", "a", "10.0.0.1", 80), EARLY))
            .without(ResourceKey.dataplane("one", "a"));

    assertThat(resources.catalogues()).isEmpty();
  }

  @Test
  void theYoungestVirtualOutboundOfTwoWinsByItsCreationAndNotByItsLastChange() {
    StoredResource old = stored(outbound("old", "v1"), EARLY);
    Resources resources =
        Resources.none()
            .with(stored(tagged("a", "v1"), EARLY))
            .with(stored(tagged("b", "v2"), EARLY))
            .with(stored(outbound("young", "v2"), LATE))
            .with(old);

    assertThat(winner(resources).tags()).containsEntry("version", "v2");
    assertThat(
            winner(
                    resources
                        .without(ResourceKey.virtualOutbound("one", "young"))
                        .with(stored(outbound("young", "v2"), EARLY.minusMillis(1))))
                .tags())
        .containsEntry("version", "v1");
    assertThat(winner(resources.with(old)).tags()).containsEntry("version", "v2");
  }

  private static Claim winner(Resources resources) {
    return resources.catalogue("one").names().names().stream()
        .filter(name -> name.host().equals("x.mesh"))
        .findFirst()
        .orElseThrow()
        .ports()
        .getFirst()
        .winner();
  }

  private static Resource tagged(String name, String version) {
    return dataplane(
        "one", name, "10.0.0.1", 80, Map.of("kuma.io/service", "web", "version", version));
  }

  private static VirtualOutbound outbound(String name, String version) {
    return new VirtualOutbound(
        "one",
        name,
        new TreeMap<>(),
        List.of(new Selector(new TreeMap<>(Map.of("version", version)))),
        new Conf(
            "x.mesh",
            "80",
            List.of(new Parameter("service", "kuma.io/service"), new Parameter("version", null))));
  }

  private static StoredResource stored(Resource resource, Instant created) {
    return new StoredResource(ResourceKey.of(resource), resource, 1, created, LATE);
  }
}
