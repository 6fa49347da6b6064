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
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Functions of the C library that the JDK does not offer; each answers a number. */
enum SystemCall {
  OPEN(ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
  CLOSE(ValueLayout.JAVA_INT),
  SETNS(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
  SETFSUID(ValueLayout.JAVA_INT),
  SETFSGID(ValueLayout.JAVA_INT),
  SOCKET(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
  BIND(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
  SETSOCKOPT(
      ValueLayout.JAVA_INT,
      ValueLayout.JAVA_INT,
      ValueLayout.JAVA_INT,
      ValueLayout.ADDRESS,
      ValueLayout.JAVA_INT),
  SENDTO(
      ValueLayout.JAVA_INT,
      ValueLayout.ADDRESS,
      ValueLayout.JAVA_LONG,
      ValueLayout.JAVA_INT,
      ValueLayout.ADDRESS,
      ValueLayout.JAVA_INT),
  RECV(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO =
      STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private final MethodHandle function;

  SystemCall(MemoryLayout... arguments) {
    this.function = function(name().toLowerCase(Locale.ROOT), arguments);
  }

  /**
   * Calls the function.
   *
   * @throws Failure if it answers a negative number
   */
  int call(Object... arguments) throws Failure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result =
          (int)
              function.invokeWithArguments(
                  Stream.concat(Stream.of(state), Stream.of(arguments)).toList());
      if (result < 0) {
        throw new Failure(this, List.of(arguments), state.get(ValueLayout.JAVA_INT, ERRNO));
      }
      return result;
    } catch (Failure | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) { // what a MethodHandle declares
      throw new IllegalStateException(e);
    }
  }

  // The JDK's mark on every call of native code; the build allows it by --enable-native-access.
  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** A call that did not work. */
  static final class Failure extends IOException {

    private static final long serialVersionUID = 1;

    private final int errno;

    Failure(SystemCall call, List<Object> arguments, int errno) {
      super(call + " " + arguments + ": errno " + errno);
      this.errno = errno;
    }

    int errno() {
      return errno;
    }
  }
}
