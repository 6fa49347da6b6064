package io.sluice.controlplane.discovery;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.Author;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreException;
import io.sluice.controlplane.store.Write;
import io.sluice.resources.discovery.ResolvedAddress;
import io.sluice.resources.net.IpAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Keeps the addresses of the DNS names that dataplanes have instead of addresses. One replica does,
 * since two might be told different ones. A name that can't be resolved keeps the address it had,
 * and so does one whose addresses are none of another host, such as the 127.0.1.1 that hosts files
 * have.
 */
@Component
class Resolution {

  private static final Logger log = LoggerFactory.getLogger(Resolution.class);
  private static final int QUESTIONS = 16;
  private static final Duration FORGET_AFTER = Duration.ofMinutes(1);

  private static final Comparator<IpAddress> PREFERENCE =
      Comparator.comparing(IpAddress::v6)
          .thenComparing(IpAddress::high, Long::compareUnsigned)
          .thenComparing(IpAddress::low, Long::compareUnsigned);

  private final MeshViews views;
  private final ResourceStore store;
  private final Meshes meshes;
  private final Lead lead;
  private final Resolver resolver;
  private final Ticker ticker;
  private final Duration interval;
  private final Unwanted<ResourceKey> unwanted;

  /** The names of meshes, each with the moment from which it is to be asked for again. */
  private final Map<ResourceKey, Long> next = new ConcurrentHashMap<>();

  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final Set<ResourceKey> known = ConcurrentHashMap.newKeySet();
  private final Semaphore questions = new Semaphore(QUESTIONS);

  Resolution(
      MeshViews views,
      ResourceStore store,
      Meshes meshes,
      Lead lead,
      Resolver resolver,
      Ticker ticker,
      NameSettings settings) {
    this.views = views;
    this.store = store;
    this.meshes = meshes;
    this.lead = lead;
    this.resolver = resolver;
    this.ticker = ticker;
    this.interval = settings.resolveEvery();
    this.unwanted = new Unwanted<>(ticker, FORGET_AFTER);
    views.onChange(this::changed);
  }

  private void changed(Set<ResourceKey> keys) {
    for (ResourceKey key : keys) {
      if (key.type().equals(ResolvedAddress.TYPE)) {
        if (views.find(key).isPresent()) {
          known.add(key);
        } else {
          known.remove(key);
        }
      }
    }
  }

  /** Asks for the names whose time has come, each on a thread of its own. */
  void refresh() {
    Map<ResourceKey, String> wanted = new HashMap<>();
    for (String mesh : meshes.names()) {
      for (String name : views.catalogue(mesh).unliteral()) {
        wanted.put(new ResourceKey(ResolvedAddress.TYPE, mesh, name), name);
      }
    }
    if ((wanted.isEmpty() && known.isEmpty()) || !lead.isOurs()) {
      next.clear();
      return;
    }
    next.keySet().retainAll(wanted.keySet());
    failing.retainAll(wanted.values());
    Map<String, List<ResourceKey>> due = new TreeMap<>();
    wanted.forEach(
        (key, name) -> {
          Long moment = next.get(key);
          if (moment == null || ticker.isOver(moment)) {
            next.put(key, ticker.in(interval));
            due.computeIfAbsent(name, same -> new ArrayList<>()).add(key);
          }
        });
    due.forEach((name, keys) -> Thread.ofVirtual().start(() -> ask(name, keys)));
    forget(wanted.keySet());
  }

  private void ask(String name, List<ResourceKey> keys) {
    questions.acquireUninterruptibly();
    try {
      List<IpAddress> answered = resolver.resolve(name);
      List<IpAddress> found = answered.stream().filter(IpAddress::isOfAnotherHost).toList();
      if (found.isEmpty()) {
        throw new UnknownHostException(
            answered.isEmpty() ? name : name + " is " + answered + ", where others can't dial it");
      }
      failing.remove(name);
      for (ResourceKey key : keys) {
        keep(key, found);
      }
    } catch (UnknownHostException e) {
      if (failing.add(name)) {
        log.warn(
            "event=name-not-resolved name={} error=\"{}\" effect=\"an address that it had stays\"",
            name,
            e.getMessage());
      }
    } catch (DataAccessException | TransactionException e) {
      log.debug("event=address-not-kept name={} error=\"{}\"", name, e.getMessage());
    } finally {
      questions.release();
    }
  }

  /** The address stays as long as the name has it, in whatever order the resolver gives them. */
  private void keep(ResourceKey key, List<IpAddress> found) {
    Optional<IpAddress> before =
        views.find(key).map(row -> ((ResolvedAddress) row.resource()).address());
    if (before.filter(found::contains).isPresent()) {
      return;
    }
    IpAddress chosen = found.stream().min(PREFERENCE).orElseThrow();
    write(
        new Write.Put(
            new ResolvedAddress(key.mesh(), key.name(), chosen),
            new Write.Precondition.Anything(),
            Optional.empty()));
  }

  private void forget(Set<ResourceKey> wanted) {
    Set<ResourceKey> others = new HashSet<>(known);
    others.removeAll(wanted);
    unwanted
        .of(others)
        .forEach(key -> write(new Write.Delete(key, new Write.Precondition.Anything())));
  }

  private void write(Write write) {
    try {
      store.write(List.of(write), Author.CONTROL_PLANE);
    } catch (StoreException e) {
      log.debug("event=address-not-kept key={} by=\"{}\"", write.key(), e.getMessage());
    }
  }
}
