package io.sluice.controlplane.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.ResolvedAddress;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** The polls that wait, and what wakes them: a change of what their bundles are made of. */
@Component
class WaitingPolls implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(WaitingPolls.class);

  private final ConcurrentMap<ResourceKey, Set<Poll>> waiting = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final PollAnswers answers;
  private final MeshViews views;
  private final Bundles bundles;
  private final Onlookers onlookers;

  /** Meshes whose onlookers are about to be looked at: changes that come meanwhile count too. */
  private final Set<String> due = ConcurrentHashMap.newKeySet();

  /** As many threads as processors: rendering is all they do. */
  private final ExecutorService workers =
      Executors.newFixedThreadPool(
          Runtime.getRuntime().availableProcessors(),
          Thread.ofPlatform().name("delivery-", 0).daemon().factory());

  private volatile boolean running;

  WaitingPolls(PollAnswers answers, MeshViews views, Bundles bundles, MeterRegistry meters) {
    this.answers = answers;
    this.views = views;
    this.bundles = bundles;
    this.onlookers = new Onlookers(views);
    Gauge.builder("sluice.agents.waiting", count, AtomicInteger::get)
        .description("Agents whose poll waits for a change")
        .register(meters);
    views.onChange(this::changed);
  }

  /**
   * Answers a poll: soon, if there is news for it or it does not want to wait for any, else when
   * there is. Requests have threads enough to keep all processors busy, on which rendering would
   * keep those from their database who have only to ask it; so it is left to the workers. Whose
   * time is over before anybody knows whether there is news is not told that there is none.
   */
  void take(Poll poll, boolean waits) {
    AtomicBoolean looked = new AtomicBoolean();
    poll.result().onCompletion(() -> remove(poll));
    poll.result()
        .onTimeout(
            () -> poll.result().setResult(looked.get() ? answers.unchanged(poll) : answers.busy()));
    Runnable first =
        () -> {
          if (!poll.result().isSetOrExpired()) {
            first(poll, waits, looked);
          }
        };
    if (views.find(poll.dataplane()).isEmpty()) {
      // There is nothing to render, but the database to be asked what became of it.
      first.run();
    } else if (!work(first)) {
      poll.result().setResult(answers.stopping());
    }
  }

  private void first(Poll poll, boolean waits, AtomicBoolean looked) {
    try {
      Optional<ResponseEntity<?>> news = answers.news(poll);
      looked.set(news.isEmpty());
      if (news.isPresent()) {
        poll.result().setResult(news.get());
      } else if (waits) {
        add(poll);
      } else {
        poll.result().setResult(answers.unchanged(poll));
      }
    } catch (RuntimeException e) {
      poll.result().setErrorResult(e);
    }
  }

  /**
   * Lets a poll wait. It is checked once more at once, since a change may have come between its
   * first check and now.
   */
  private void add(Poll poll) {
    waiting.compute(
        poll.dataplane(),
        (key, polls) -> {
          Set<Poll> all = polls == null ? ConcurrentHashMap.newKeySet() : polls;
          all.add(poll);
          count.incrementAndGet();
          return all;
        });
    // Not before it is found there: a change that comes from now on lets it join again.
    join(poll.dataplane());
    check(poll);
    if (poll.result().isSetOrExpired()) {
      // Its request may have ended before it was here to be removed.
      remove(poll);
    }
    if (!running) {
      poll.result().setResult(answers.stopping());
    }
  }

  private void remove(Poll poll) {
    waiting.computeIfPresent(
        poll.dataplane(),
        (key, polls) -> {
          if (polls.remove(poll)) {
            count.decrementAndGet();
          }
          if (polls.isEmpty()) {
            onlookers.leave(key);
            return null;
          }
          return polls;
        });
  }

  private void changed(Set<ResourceKey> keys) {
    Set<String> offering = new TreeSet<>();
    for (ResourceKey key : keys) {
      switch (key.type()) {
        case Mesh.TYPE -> wakeMesh(key.name());
        // Whom the policy selects, and selected before, shows in the inputs: only those of
        // dataplanes that it touches differ and are rendered. It may also say whether they reach
        // services by name at all.
        case MeshTransparentProxy.TYPE ->
            waitingOf(key.mesh()).forEach(each -> work(() -> lookAnew(each)));
        case HostFacts.TYPE -> wake(ResourceKey.dataplane(key.mesh(), key.name()));
        case Dataplane.TYPE -> {
          dataplane(key);
          offering.add(key.mesh());
        }
        case ResolvedAddress.TYPE -> {
          views
              .catalogue(key.mesh())
              .usersOf(key.name())
              .forEach(user -> wake(ResourceKey.dataplane(key.mesh(), user)));
          offering.add(key.mesh());
        }
        default -> offering.add(key.mesh());
      }
    }
    offering.forEach(this::lookOn);
  }

  private void dataplane(ResourceKey key) {
    join(key);
    wake(key);
    if (views.dataplane(key).isEmpty()) {
      bundles.forget(key);
    }
  }

  /** What a mesh offers has changed; most changes concern few. */
  private void lookOn(String mesh) {
    if (due.add(mesh)) {
      work(
          () -> {
            due.remove(mesh);
            onlookers.concerned(mesh).forEach(this::wake);
          });
    }
  }

  private void join(ResourceKey dataplane) {
    waiting.computeIfPresent(
        dataplane,
        (key, polls) -> {
          onlookers.join(key);
          return polls;
        });
  }

  /** First the one, then the other: what changes after the look must find the onlooker. */
  private void lookAnew(ResourceKey dataplane) {
    join(dataplane);
    waiting.getOrDefault(dataplane, Set.of()).forEach(this::check);
  }

  private void wakeMesh(String mesh) {
    waitingOf(mesh).forEach(this::wake);
  }

  private List<ResourceKey> waitingOf(String mesh) {
    return waiting.keySet().stream().filter(each -> each.mesh().equals(mesh)).toList();
  }

  private void wake(ResourceKey dataplane) {
    waiting.getOrDefault(dataplane, Set.of()).forEach(this::wake);
  }

  private void wake(Poll poll) {
    work(() -> check(poll));
  }

  /** Whether it will be done: not while this replica stops. */
  private boolean work(Runnable work) {
    try {
      workers.execute(work);
      return true;
    } catch (RejectedExecutionException e) {
      log.debug("event=polls-not-woken reason=stopping");
      return false;
    }
  }

  /** Renders on this thread; the database is asked on another, so that no worker waits for it. */
  private void check(Poll poll) {
    try {
      answers.news(poll).ifPresent(answer -> Thread.ofVirtual().start(() -> confirm(poll, answer)));
    } catch (RuntimeException e) {
      poll.result().setErrorResult(e);
    }
  }

  private void confirm(Poll poll, ResponseEntity<?> answer) {
    try {
      poll.result().setResult(answers.confirmed(poll, answer));
    } catch (RuntimeException e) {
      poll.result().setErrorResult(e);
    }
  }

  @Override
  public void start() {
    running = true;
  }

  /**
   * Sends all home, so that a stop does not take as long as the longest poll; and not with a 304,
   * upon which they would ask again at once and keep the listener busy.
   */
  @Override
  public void stop() {
    running = false;
    waiting.values().forEach(polls -> polls.forEach(p -> p.result().setResult(answers.stopping())));
    workers.shutdown();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stopped first of all, before the listeners wait for their requests to end. */
  @Override
  public int getPhase() {
    return SmartLifecycle.DEFAULT_PHASE;
  }
}
