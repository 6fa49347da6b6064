package io.sluice.agent.firewall;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * The number that the kernel raises with every change to nf_tables in this network namespace, asked
 * over netlink in microseconds: while it stays, nobody has changed a rule, and what {@code
 * iptables-save} told is still so.
 */
final class RulesetGeneration {

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int NETLINK_NETFILTER = 12;
  private static final short GETGEN = 10 << 8 | 16;
  private static final short NEWGEN = 10 << 8 | 15;
  private static final short REQUEST = 1;
  private static final int HEADERS = 20;
  private static final int ANSWER_BYTES = 4096;

  private static final ValueLayout.OfInt INT_C = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt BIG_INT = INT.withOrder(ByteOrder.BIG_ENDIAN);

  /** Stays open: the kernel closes it only when it has cleaned up after the last change. */
  private int file = -1;

  /** Made once: that takes longer than to call them. */
  @SuppressWarnings("restricted") // The JDK has no netlink.
  private static final class Kernel {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final FunctionDescriptor TRANSFER =
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, INT_C, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, INT_C);
    static final MethodHandle SOCKET =
        function("socket", FunctionDescriptor.of(INT_C, INT_C, INT_C, INT_C));
    static final MethodHandle SEND = function("send", TRANSFER);
    static final MethodHandle RECEIVE = function("recv", TRANSFER);
    static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(INT_C, INT_C));

    private static MethodHandle function(String name, FunctionDescriptor type) {
      return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }
  }

  /** The number now; empty where the kernel does not tell it. */
  synchronized OptionalLong now() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(HEADERS);
      request.set(INT, 0, HEADERS);
      request.set(SHORT, 4, GETGEN);
      request.set(SHORT, 6, REQUEST);
      MemorySegment answer = arena.allocate(ANSWER_BYTES);
      if (file < 0) {
        file = (int) Kernel.SOCKET.invokeExact(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER);
      }
      long sent = file < 0 ? -1 : (long) Kernel.SEND.invokeExact(file, request, (long) HEADERS, 0);
      long length =
          sent == HEADERS
              ? (long) Kernel.RECEIVE.invokeExact(file, answer, (long) ANSWER_BYTES, 0)
              : -1;
      OptionalLong number = length > HEADERS ? number(answer, length) : OptionalLong.empty();
      if (number.isEmpty() && file >= 0) {
        // An answer that comes late would be taken for the next one's.
        int ignored = (int) Kernel.CLOSE.invokeExact(file);
        file = -1;
      }
      return number;
    } catch (Throwable e) {
      return OptionalLong.empty();
    }
  }

  /** The attribute 1 of the answer. */
  private static OptionalLong number(MemorySegment answer, long length) {
    if (answer.get(SHORT, 4) != NEWGEN) {
      return OptionalLong.empty();
    }
    for (long at = HEADERS; at + 8 <= length; ) {
      int size = Short.toUnsignedInt(answer.get(SHORT, at));
      if ((answer.get(SHORT, at + 2) & 0x3fff) == 1) {
        return OptionalLong.of(Integer.toUnsignedLong(answer.get(BIG_INT, at + 4)));
      }
      at += Math.max(4, size + 3 & ~3);
    }
    return OptionalLong.empty();
  }
}
