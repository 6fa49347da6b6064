package io.sluice.controlplane.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.rendering.BundleRenderer;
import io.sluice.rendering.OwnPart;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Digest;
import io.sluice.rendering.bundle.UnrenderableException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Rendered bundles by dataplane. The same inputs are rendered once as long as the result is held;
 * what does not fit any more is rendered again when it is needed.
 */
@Component
public class Bundles {

  private final BundleRenderer renderer = new BundleRenderer();
  private final Cache<ResourceKey, Trees> trees;
  private final Set<ResourceKey> unrenderable = ConcurrentHashMap.newKeySet();
  private final Timer rendered;

  Bundles(DeliverySettings settings, MeterRegistry meters) {
    this.trees =
        Caffeine.newBuilder()
            .maximumWeight(settings.cache().toBytes())
            .weigher((ResourceKey key, Trees held) -> held.weight())
            .build();
    this.rendered =
        Timer.builder("sluice.bundles.rendered").description("Bundles rendered").register(meters);
    Gauge.builder("sluice.bundles.held", trees, Cache::estimatedSize)
        .description("Dataplanes whose bundle is held in memory")
        .register(meters);
    Gauge.builder("sluice.dataplanes.unrenderable", unrenderable, Set::size)
        .description("Dataplanes for which a bundle was wanted and none could be made")
        .register(meters);
  }

  /** The bundle of a dataplane as it is now. */
  public Bundle current(Inputs inputs) {
    ResourceKey dataplane = ResourceKey.of(inputs.dataplane());
    try {
      Bundle bundle = rendered(dataplane, inputs);
      unrenderable.remove(dataplane);
      return bundle;
    } catch (UnrenderableException e) {
      unrenderable.add(dataplane);
      throw e;
    }
  }

  private Bundle rendered(ResourceKey dataplane, Inputs inputs) {
    return trees
        .asMap()
        .compute(
            dataplane,
            (key, held) ->
                held != null && held.renderedFrom(inputs)
                    ? held
                    : rendered.record(() -> rendered(inputs, held)))
        .current();
  }

  /** What no service changes is not rendered again when services change. */
  private Trees rendered(Inputs inputs, @Nullable Trees held) {
    if (held == null) {
      OwnPart own = own(inputs);
      return new Trees(inputs, own, List.of(renderer.bundle(own, inputs.sight())));
    }
    OwnPart own = held.inputs().equalsButForServices(inputs) ? held.own() : own(inputs);
    return held.then(inputs, own, renderer.bundle(own, inputs.sight()));
  }

  /** The bundle of resources that are not in force, which is not held. */
  public Bundle preview(Inputs inputs) {
    return rendered.record(() -> renderer.bundle(own(inputs), inputs.sight()));
  }

  private OwnPart own(Inputs inputs) {
    return renderer.own(inputs.mesh(), inputs.dataplane(), inputs.policies(), inputs.facts());
  }

  /** One of a dataplane's recent bundles; nothing if it is not held any more. */
  Optional<Bundle> held(ResourceKey dataplane, Digest bundle) {
    return held(dataplane).flatMap(of -> of.bundle(bundle));
  }

  /** A manifest or file of this dataplane's current or recent bundles. */
  Optional<byte[]> object(ResourceKey dataplane, Digest digest) {
    return held(dataplane).flatMap(of -> of.object(digest));
  }

  /** Lets go of a dataplane that does not exist any more. */
  void forget(ResourceKey dataplane) {
    trees.invalidate(dataplane);
    unrenderable.remove(dataplane);
  }

  private Optional<Trees> held(ResourceKey dataplane) {
    return Optional.ofNullable(trees.getIfPresent(dataplane));
  }
}
