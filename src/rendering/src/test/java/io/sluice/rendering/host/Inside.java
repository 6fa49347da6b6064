package io.sluice.rendering.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A thread of this process in the network of a private host, as whichever user one likes. */
public final class Inside implements AutoCloseable {

  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;

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
                become(uid, gid);
                try {
                  return work.call();
                } finally {
                  become(0, 0);
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
    try (Arena arena = Arena.ofConfined()) {
      int file = SystemCall.OPEN.call(arena.allocateFrom(network.toString()), O_RDONLY_CLOEXEC);
      SystemCall.SETNS.call(file, CLONE_NEWNET);
      SystemCall.CLOSE.call(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Gives the thread another user and group for the files that it opens, sockets among them: this
   * is what the kernel's owner match looks at. The calls answer what was before, so the last two
   * answer what is now.
   */
  private static void become(int uid, int gid) throws IOException {
    SystemCall.SETFSUID.call(uid);
    SystemCall.SETFSGID.call(gid);
    int user = SystemCall.SETFSUID.call(uid);
    int group = SystemCall.SETFSGID.call(gid);
    if (user != uid || group != gid) {
      throw new IOException("still uid %d and gid %d".formatted(user, group));
    }
  }
}
