package io.sluice.controlplane.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.controlplane.ControlPlane;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.fleet.Fleet;
import io.sluice.controlplane.security.DataplaneToken;
import io.sluice.controlplane.security.DataplaneTokens;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.services.Catalogue;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.DeferredResult;

/** A poll whose time is over before it is known whether there is news. */
class FirstLookTest {

  private static final ResourceKey HOST = ResourceKey.dataplane("default", "slow");

  private static final Dataplane SLOW =
      (Dataplane)
          ResourceReader.read(
                  DocumentReader.read(
                      """
                      type: Dataplane
                      mesh: default
                      name: slow
                      networking: {address: 10.0.0.1, gateway: {tags: {kuma.io/service: slow}}}
                      """
                          .getBytes(StandardCharsets.UTF_8),
                      Format.YAML))
              .resource();

  private final ControlPlane sluice = ControlPlane.shared();
  private final CountDownLatch looking = new CountDownLatch(1);
  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  @Test
  void itIsNotToldThatNothingHasChangedWhileTheFirstLookGoesOn() throws InterruptedException {
    Expiring result = new Expiring();
    polls().take(poll(result), true);
    looking.await();

    result.expire();
    mayGoOn.countDown();

    assertThat(result.getResult())
        .isInstanceOfSatisfying(
            ResponseEntity.class,
            answer -> assertThat(answer.getStatusCode().value()).isEqualTo(503));
  }

  private WaitingPolls polls() {
    MeshViews views = new SlowViews();
    Bundles bundles = sluice.part(Bundles.class);
    PollAnswers answers =
        new PollAnswers(
            new Answers(views, sluice.part(ResourceStore.class), bundles),
            bundles,
            sluice.part(DataplaneTokens.class),
            sluice.part(Fleet.class));
    return new WaitingPolls(answers, views, bundles, new SimpleMeterRegistry());
  }

  private static Poll poll(DeferredResult<ResponseEntity<?>> result) {
    DataplaneToken caller =
        new DataplaneToken(1, HOST.mesh(), HOST.name(), Instant.EPOCH, Instant.MAX, null, "local");
    return new Poll(HOST, Known.parse(null), Optional.empty(), Packs.MANIFESTS, caller, result);
  }

  /** A result whose time is over when the test says so. */
  private static final class Expiring extends DeferredResult<ResponseEntity<?>> {
    private Runnable atTheEnd = () -> {};

    @Override
    public void onTimeout(Runnable callback) {
      atTheEnd = callback;
    }

    void expire() {
      atTheEnd.run();
    }
  }

  /** A mesh with one host, at which one looks for as long as the test wants. */
  private final class SlowViews implements MeshViews {

    @Override
    public boolean loaded() {
      looking.countDown();
      try {
        mayGoOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return false;
    }

    @Override
    public Optional<View> dataplane(ResourceKey key) {
      return Optional.empty();
    }

    @Override
    public Optional<StoredResource> find(ResourceKey key) {
      return Optional.of(new StoredResource(key, SLOW, 1, Instant.EPOCH, Instant.EPOCH));
    }

    @Override
    public Collection<StoredResource> dataplanes(String mesh) {
      return List.of();
    }

    @Override
    public Collection<MeshTransparentProxy> policies(String mesh) {
      return List.of();
    }

    @Override
    public Catalogue catalogue(String mesh) {
      return Catalogue.empty();
    }

    @Override
    public void onChange(Consumer<Set<ResourceKey>> listener) {
      // Nothing changes.
    }
  }
}
