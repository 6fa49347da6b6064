package io.sluice.controlplane.security;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;

/**
 * The threads on which tokens are looked up. Those of requests are virtual and share the processors
 * with as many handshakes and packs as there are agents: one that has a connection to the database
 * would wait for its turn behind all of them, and the others for its connection. The kernel gives
 * these a turn at once.
 */
@Component
class TokenChecks implements DisposableBean {

  private static final int THREADS = 4;

  /** As long as the pool of connections is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().name("token-checks-", 0).daemon().factory());

  /**
   * What a look at the database finds.
   *
   * @throws QueryTimeoutException if it was not its turn in time
   */
  <T> T inTime(Callable<T> look) {
    Future<T> found = threads.submit(look);
    try {
      return found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      found.cancel(false);
      throw new QueryTimeoutException("tokens are not looked up fast enough", e);
    } catch (InterruptedException e) {
      found.cancel(false);
      Thread.currentThread().interrupt();
      throw new QueryTimeoutException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void destroy() {
    threads.shutdown();
  }
}
