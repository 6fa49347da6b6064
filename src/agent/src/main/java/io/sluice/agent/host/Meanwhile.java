package io.sluice.agent.host;

import io.sluice.agent.bundle.RefusedException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work on another thread, where we would only wait for a disk or another program. */
public final class Meanwhile implements AutoCloseable {

  private final FutureTask<Void> task;

  private Meanwhile(Work work) {
    this.task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
  }

  /** Something that writes files or runs programs. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run() throws IOException, RefusedException;
  }

  /** Begins; whoever does must close it, so that nothing goes on behind its back. */
  public static Meanwhile begin(Work work) {
    Meanwhile begun = new Meanwhile(work);
    Thread.ofPlatform().daemon().name("meanwhile").start(begun.task);
    return begun;
  }

  /**
   * Waits until it is done.
   *
   * @throws IOException if it has failed
   * @throws RefusedException if it was refused
   */
  public void end() throws IOException, RefusedException {
    try {
      task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusedException refused) {
        throw refused;
      }
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Waits until it has ended, whatever came of it. */
  @Override
  public void close() {
    boolean interrupted = false;
    while (!task.isDone()) {
      try {
        task.get();
      } catch (ExecutionException e) {
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
