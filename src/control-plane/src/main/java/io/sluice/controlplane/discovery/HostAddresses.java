package io.sluice.controlplane.discovery;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.VirtualAddressStore;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Sees to it that each host that a mesh wants has addresses. Every replica does, as soon as its
 * view shows the wish: the store gives each host one pair, whoever comes first.
 */
@Component
class HostAddresses implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(HostAddresses.class);

  /** What says nothing about names, though it changes often. */
  private static final Set<String> WITHOUT_NAMES =
      Set.of(HostFacts.TYPE, DataplaneHealth.TYPE, DataplanePresence.TYPE);

  /** A service that is installed anew keeps its name's addresses without a gap. */
  private static final Duration RELEASE_AFTER = Duration.ofMinutes(1);

  private static final Duration TIDYING = Duration.ofSeconds(10);

  private final MeshViews views;
  private final VirtualAddressStore addresses;
  private final NameSettings settings;
  private final Lead lead;
  private final Ticker ticker;
  private final Unwanted<ResourceKey> unwanted;
  private final Set<ResourceKey> given = ConcurrentHashMap.newKeySet();
  private long tidied;
  private final Set<String> unlooked = ConcurrentHashMap.newKeySet();

  /** Meshes whose wishes could not be met, which was told. */
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("host-addresses").daemon().factory());

  HostAddresses(
      MeshViews views,
      VirtualAddressStore addresses,
      NameSettings settings,
      Lead lead,
      Ticker ticker) {
    this.views = views;
    this.addresses = addresses;
    this.settings = settings;
    this.lead = lead;
    this.ticker = ticker;
    this.unwanted = new Unwanted<>(ticker, RELEASE_AFTER);
    this.tidied = ticker.nanos();
    views.onChange(this::changed);
  }

  private void changed(Set<ResourceKey> keys) {
    boolean any = false;
    for (ResourceKey key : keys) {
      if (key.type().equals(VirtualAddress.TYPE)) {
        if (has(key)) {
          given.add(key);
        } else {
          given.remove(key);
        }
      }
      if (!WITHOUT_NAMES.contains(key.type())) {
        any |= unlooked.add(key.type().equals(Mesh.TYPE) ? key.name() : key.mesh());
      }
    }
    if (any) {
      look();
    }
  }

  private void look() {
    try {
      worker.execute(this::giveWhatIsWanted);
    } catch (RejectedExecutionException e) {
      log.debug("event=addresses-not-looked reason=stopping");
    }
  }

  /** Tries again what the database was away for. */
  void tryAgain() {
    if (!unlooked.isEmpty()) {
      look();
    }
  }

  private void giveWhatIsWanted() {
    for (String mesh : List.copyOf(unlooked)) {
      unlooked.remove(mesh);
      try {
        give(mesh);
      } catch (DataAccessException | TransactionException e) {
        unlooked.add(mesh);
        if (told.add(mesh)) {
          log.warn("event=addresses-not-given mesh={} error=\"{}\"", mesh, e.getMessage());
        }
      }
    }
  }

  private void give(String mesh) {
    List<String> without = views.catalogue(mesh).hostsWithoutAddress();
    if (without.isEmpty()) {
      return;
    }
    VirtualAddressStore.Allocation allocation =
        addresses.allocate(mesh, without, settings.ipv4(), settings.ipv6());
    if (allocation.refused().isEmpty()) {
      told.remove(mesh);
    } else if (told.add(mesh)) {
      log.error(
          "event=addresses-used-up mesh={} hosts={} first={} remedy=\"give sluice.names.ipv4-range"
              + " and ipv6-range more room\"",
          mesh,
          allocation.refused().size(),
          allocation.refused().getFirst());
    }
  }

  /** Takes addresses back that nobody wants, and forgets those that were taken long ago. */
  void releaseUnwanted() {
    if (!ticker.isOver(tidied + TIDYING.toNanos()) || !lead.isOurs()) {
      return;
    }
    tidied = ticker.nanos();
    Set<ResourceKey> others = new HashSet<>();
    for (ResourceKey key : given) {
      if (!views.catalogue(key.mesh()).hosts().contains(key.name())) {
        others.add(key);
      }
    }
    Map<String, List<String>> byMesh = new TreeMap<>();
    unwanted
        .of(others)
        .forEach(
            key -> byMesh.computeIfAbsent(key.mesh(), mesh -> new ArrayList<>()).add(key.name()));
    byMesh.forEach(addresses::release);
    addresses.forget(settings.reuseAfter());
  }

  private boolean has(ResourceKey address) {
    return views
        .find(address)
        .filter(row -> row.resource() instanceof VirtualAddress pair && pair.inUse())
        .isPresent();
  }

  @Override
  public void destroy() {
    worker.shutdown();
  }
}
