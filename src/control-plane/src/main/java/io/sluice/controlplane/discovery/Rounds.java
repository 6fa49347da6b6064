package io.sluice.controlplane.discovery;

import io.sluice.controlplane.store.SchemaGate;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * What is done each second, on a thread of its own: whoever waits for the database elsewhere does
 * not make agents be missed.
 */
@Component
class Rounds implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Rounds.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final SchemaGate schema;
  private final List<Runnable> duties;
  private volatile boolean running;

  Rounds(
      SchemaGate schema,
      Watch watch,
      HostAddresses addresses,
      Resolution resolution,
      LongAbsent longAbsent) {
    this.schema = schema;
    this.duties =
        List.of(
            watch::look,
            addresses::tryAgain,
            addresses::releaseUnwanted,
            resolution::refresh,
            longAbsent::collect);
  }

  @Override
  public void start() {
    running = true;
    schema.whenOpen(
        () -> Thread.ofPlatform().name("discovery-rounds").daemon().start(this::goRound));
  }

  private void goRound() {
    while (running) {
      duties.forEach(Rounds::doIts);
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void doIts(Runnable duty) {
    try {
      duty.run();
    } catch (DataAccessException | TransactionException e) {
      log.debug("event=round-not-done error=\"{}\"", e.getMessage());
    } catch (RuntimeException e) {
      log.error("event=round-failed", e);
    }
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
