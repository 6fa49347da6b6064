package io.sluice.acceptance.topology;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** The calls that move one thread of this process into another network namespace. */
final class Kernel {

  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
  private static final MethodHandle SETNS =
      function(
          "setns",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private Kernel() {}

  /**
   * Moves the calling platform thread: every socket that it creates from now on is in that
   * namespace, and stays there whichever thread uses it.
   *
   * @throws IOException when there is no such namespace, or without the right to enter it
   */
  static void enterNetworkNamespace(Path namespace) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment path = arena.allocateFrom(namespace.toString());
      int file = (int) OPEN.invokeExact(state, path, O_RDONLY_CLOEXEC);
      if (file < 0) {
        throw failure("open", namespace, state);
      }
      int entered = (int) SETNS.invokeExact(state, file, CLONE_NEWNET);
      IOException failure = entered == 0 ? null : failure("setns", namespace, state);
      int closed = (int) CLOSE.invokeExact(state, file);
      if (failure != null) {
        throw failure;
      }
      if (closed != 0) {
        throw failure("close", namespace, state);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) { // what a MethodHandle declares
      throw new IllegalStateException(e);
    }
  }

  // The JDK's mark on every call of native code; the launchers allow it by --enable-native-access.
  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, ERRNO);
  }

  private static IOException failure(String call, Path path, MemorySegment state) {
    long offset = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    int errno = state.get(ValueLayout.JAVA_INT, offset);
    return new IOException(call + " " + path + ": errno " + errno);
  }
}
