package io.sluice.rendering.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A thread of this process in the network of a private host, as whichever user one likes. */
public final class Inside implements AutoCloseable {

  private final ExecutorService thread;

  /** A thread on a host. */
  public Inside(PrivateHost host) {
    Path network = Path.of("/run/netns", host.namespace());
    thread =
        Executors.newSingleThreadExecutor(
            work ->
                Thread.ofPlatform()
                    .name("in " + host.namespace())
                    .daemon()
                    .unstarted(
                        () -> {
                          enter(network);
                          work.run();
                        }));
  }

  /** Does something as a user and group: the sockets that it makes are theirs. */
  public <T> T as(int uid, int gid, Callable<T> work) {
    try {
      return thread
          .submit(
              () -> {
                SystemCall.become(uid, gid);
                try {
                  return work.call();
                } finally {
                  SystemCall.become(0, 0);
                }
              })
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private static void enter(Path network) {
    try {
      SystemCall.enterNetworkNamespace(network);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
