package io.sluice.controlplane.changes;

import io.sluice.controlplane.postgres.DirectConnections;
import io.sluice.controlplane.store.CommitListener;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.SchemaGate;
import io.sluice.controlplane.store.SpecJson;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.services.Catalogue;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Keeps the view up with the database from one thread: it looks when this replica has committed
 * something, when another one says so, and each second. A notification is only a reason to look
 * earlier; what happened is in the tables. After any loss of its connection, which is its own and
 * not the pool's, it reads everything again, because the server behind the next one may be another.
 */
@Component
class ViewFollower implements MeshViews, CommitListener, SmartLifecycle {

  static final String CHANNEL = "sluice_changes";

  private static final Logger log = LoggerFactory.getLogger(ViewFollower.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration CROWD = Duration.ofMillis(10);
  private static final Duration VERIFY = Duration.ofSeconds(30);
  private static final Duration SILENCE = Duration.ofSeconds(15);
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final DirectConnections connections;
  private final SchemaGate schema;
  private final HistoryReader reader;
  private final Ear ear;
  private final String self = UUID.randomUUID().toString();
  private final Semaphore wake = new Semaphore(0);
  private final AtomicBoolean committedHere = new AtomicBoolean();
  private final List<Consumer<Set<ResourceKey>>> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable Moment moment;
  private volatile long lookedAt;
  private volatile boolean running;

  ViewFollower(DirectConnections connections, SchemaGate schema, SpecJson json) {
    this.connections = connections;
    this.schema = schema;
    this.reader = new HistoryReader(json);
    this.ear = new Ear(connections, self, wake::release);
  }

  @Override
  public Optional<View> dataplane(ResourceKey dataplane) {
    Moment now = moment;
    return now == null ? Optional.empty() : now.resources().view(dataplane);
  }

  @Override
  public Optional<StoredResource> find(ResourceKey key) {
    Moment now = moment;
    return now == null ? Optional.empty() : Optional.ofNullable(now.resources().get(key));
  }

  @Override
  public Collection<StoredResource> dataplanes(String mesh) {
    return all().stream()
        .filter(row -> row.key().type().equals(Dataplane.TYPE) && row.key().mesh().equals(mesh))
        .toList();
  }

  @Override
  public Collection<MeshTransparentProxy> policies(String mesh) {
    Moment now = moment;
    return now == null ? List.of() : now.resources().transparentProxies(mesh);
  }

  @Override
  public Catalogue catalogue(String mesh) {
    Moment now = moment;
    return now == null ? Catalogue.empty() : now.resources().catalogue(mesh);
  }

  @Override
  public boolean loaded() {
    return moment != null;
  }

  /** All that is shown now. */
  Collection<StoredResource> all() {
    Moment now = moment;
    return now == null ? List.of() : now.resources().byKey().values();
  }

  /** Whether the database was seen within the last seconds. */
  boolean fresh() {
    return loaded() && System.nanoTime() - lookedAt < FRESH.toNanos();
  }

  @Override
  public void onChange(Consumer<Set<ResourceKey>> listener) {
    listeners.add(listener);
  }

  @Override
  public void committed() {
    committedHere.set(true);
    wake.release();
  }

  @Override
  public void start() {
    running = true;
    schema.whenOpen(
        () -> {
          Thread.ofPlatform().name("changes-follower").daemon().start(this::run);
          Thread.ofPlatform().name("changes-ear").daemon().start(ear);
        });
  }

  private void run() {
    boolean told = false;
    while (running) {
      try (Connection connection = connections.open(SILENCE)) {
        try (Statement statement = connection.createStatement()) {
          // This connection never writes; a notification needs no durability.
          statement.execute("set synchronous_commit = off");
        }
        reload(connection);
        told = false;
        while (running) {
          wake.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
          gather();
          wake.drainPermits();
          look(connection);
        }
      } catch (SQLException e) {
        if (running && !told) {
          log.warn(
              "The view can't follow the database ({}): {}; trying again each second",
              connections.shownUrl(),
              e.getMessage());
          told = true;
        }
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        log.error("The view can't be read; trying again each second", e);
        pause();
      }
    }
  }

  /** Lets commits that come in a crowd share one look; one that comes alone is not delayed. */
  private void gather() throws InterruptedException {
    long early = lookedAt + CROWD.toNanos() - System.nanoTime();
    if (early > 0) {
      TimeUnit.NANOSECONDS.sleep(early);
    }
  }

  private long verifiedAt = System.nanoTime();

  private void look(Connection connection) throws SQLException {
    Moment last = moment;
    if (last == null) {
      reload(connection);
      return;
    }
    boolean tellOthers = committedHere.getAndSet(false);
    try {
      boolean verify = System.nanoTime() - verifiedAt > VERIFY.toNanos();
      Moment.Step step =
          verify ? reader.followAndVerify(connection, last) : reader.follow(connection, last);
      if (verify) {
        verifiedAt = System.nanoTime();
      }
      publish(step.moment(), step.changed());
    } catch (Doubt e) {
      log.warn("The view is read again: {}", e.getMessage());
      reload(connection);
    }
    if (tellOthers) {
      try (PreparedStatement statement = connection.prepareStatement("select pg_notify(?, ?)")) {
        statement.setString(1, CHANNEL);
        statement.setString(2, self);
        statement.execute();
      }
    }
  }

  private void reload(Connection connection) throws SQLException {
    Moment last = moment;
    Moment now = reader.load(connection);
    verifiedAt = System.nanoTime();
    Resources before = last == null ? Resources.none() : last.resources();
    publish(now, now.resources().differences(before));
  }

  private void publish(Moment now, Set<ResourceKey> changed) {
    moment = now;
    lookedAt = System.nanoTime();
    if (changed.isEmpty()) {
      return;
    }
    for (Consumer<Set<ResourceKey>> listener : listeners) {
      try {
        listener.accept(changed);
      } catch (RuntimeException e) {
        log.error("A listener failed on a change of {} resources", changed.size(), e);
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    running = false;
    ear.stop();
    wake.release();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** After the database, before those who serve. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE + 1;
  }
}
