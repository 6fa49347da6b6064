package io.sluice.agent.prove;

import io.sluice.agent.host.Accounts;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Does something as a process that is none of ours, as far as the rules can tell: the kernel's
 * owner match looks at the file system group of the thread that makes a socket, which on Linux each
 * thread has for itself. So the probe costs no process.
 */
final class Stranger {

  /** The group {@code nogroup} or {@code nobody}, a number everywhere. */
  private static final int NOBODY = 65_534;

  private Stranger() {}

  static <T> T run(Callable<T> work) throws IOException {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              become();
              return work.call();
            });
    Thread.ofPlatform().daemon().name("stranger").start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @SuppressWarnings("restricted") // The JDK has no other way to set a thread's group.
  private static void become() throws IOException {
    if (!Accounts.group(Accounts.GROUP).equals(java.util.Optional.of(Accounts.self().gid()))) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle setfsgid =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setfsgid"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    int now;
    try {
      int before = (int) setfsgid.invokeExact(NOBODY);
      // It tells no failure, only what was before.
      now = before == NOBODY ? before : (int) setfsgid.invokeExact(NOBODY);
    } catch (Throwable e) {
      throw new IOException("no probe can be sent", e);
    }
    if (now != NOBODY) {
      throw new IOException("no probe can be sent: the agent has no capability CAP_SETGID");
    }
  }
}
