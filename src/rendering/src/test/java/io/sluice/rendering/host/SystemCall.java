package io.sluice.rendering.host;

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

/**
 * Calls of the kernel that change one thread of this process: its network namespace, and the
 * identity that it gives to the sockets it makes.
 */
final class SystemCall {

  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
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
  private static final MethodHandle SETFSUID =
      function("setfsuid", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final MethodHandle SETFSGID =
      function("setfsgid", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private SystemCall() {}

  /** Moves the calling platform thread: sockets that it makes from now on are there. */
  static void enterNetworkNamespace(Path namespace) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int file =
          (int) OPEN.invokeExact(state, arena.allocateFrom(namespace.toString()), O_RDONLY_CLOEXEC);
      check(file, "open " + namespace, state);
      int entered = (int) SETNS.invokeExact(state, file, CLONE_NEWNET);
      int closed = (int) CLOSE.invokeExact(state, file);
      check(entered, "setns " + namespace, state);
      check(closed, "close " + namespace, state);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) { // what a MethodHandle declares
      throw new IllegalStateException(e);
    }
  }

  /**
   * Gives the calling thread another user and group for the files that it opens, sockets among
   * them: this is what the kernel's owner match looks at.
   */
  static void become(int uid, int gid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      // In this order: who is not root any more can't change the group.
      int beforeUser = (int) SETFSUID.invokeExact(state, 0);
      int beforeGroup = (int) SETFSGID.invokeExact(state, gid);
      int again = (int) SETFSUID.invokeExact(state, uid);
      int nowUser = (int) SETFSUID.invokeExact(state, -1);
      int nowGroup = (int) SETFSGID.invokeExact(state, -1);
      if (nowUser != uid || nowGroup != gid) {
        throw new IllegalStateException(
            "still uid %d and gid %d (before %d, %d, %d)"
                .formatted(nowUser, nowGroup, beforeUser, beforeGroup, again));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) { // what a MethodHandle declares
      throw new IllegalStateException(e);
    }
  }

  // The JDK's mark on every call of native code; the build allows it by --enable-native-access.
  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }

  private static void check(int result, String call, MemorySegment state) throws IOException {
    if (result < 0) {
      long offset = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
      throw new IOException(call + ": errno " + state.get(ValueLayout.JAVA_INT, offset));
    }
  }
}
