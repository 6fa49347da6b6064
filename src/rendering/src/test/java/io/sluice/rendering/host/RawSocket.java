package io.sluice.rendering.host;

import io.sluice.resources.net.IpAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/** A socket for whole TCP segments, which the JDK does not offer. */
final class RawSocket implements AutoCloseable {

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_RAW = 3;
  private static final int IPPROTO_TCP = 6;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int EAGAIN = 11;

  private final Arena arena = Arena.ofConfined();
  private final int file;

  private RawSocket(int file) {
    this.file = file;
  }

  /** A socket at an address, which waits so long for what it is to receive. */
  static RawSocket tcp(IpAddress source, Duration patience) throws IOException {
    RawSocket socket =
        new RawSocket(
            SystemCall.SOCKET.call(source.v6() ? AF_INET6 : AF_INET, SOCK_RAW, IPPROTO_TCP));
    MemorySegment address = socket.address(source);
    SystemCall.BIND.call(socket.file, address, (int) address.byteSize());
    MemorySegment timeout = socket.arena.allocate(16, 8);
    timeout.set(ValueLayout.JAVA_LONG, 0, patience.toSeconds());
    timeout.set(ValueLayout.JAVA_LONG, 8, patience.toNanosPart() / 1000L);
    SystemCall.SETSOCKOPT.call(
        socket.file, SOL_SOCKET, SO_RCVTIMEO, timeout, (int) timeout.byteSize());
    return socket;
  }

  void send(ByteBuffer segment, IpAddress destination) throws IOException {
    MemorySegment content = arena.allocate(segment.remaining());
    content.copyFrom(MemorySegment.ofBuffer(segment));
    MemorySegment address = address(destination);
    SystemCall.SENDTO.call(file, content, content.byteSize(), 0, address, (int) address.byteSize());
  }

  /** The next packet; nothing if none came in time. */
  Optional<ByteBuffer> receive() throws IOException {
    MemorySegment content = arena.allocate(2048);
    try {
      int size = SystemCall.RECV.call(file, content, content.byteSize(), 0);
      return Optional.of(content.asByteBuffer().limit(size));
    } catch (SystemCall.Failure e) {
      if (e.errno() == EAGAIN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    SystemCall.CLOSE.call(file);
    arena.close();
  }

  /** A {@code sockaddr_in} or {@code sockaddr_in6} without a port. */
  private MemorySegment address(IpAddress of) {
    MemorySegment address = arena.allocate(of.v6() ? 28 : 16, 8);
    ByteBuffer fields = address.asByteBuffer().order(ByteOrder.BIG_ENDIAN);
    fields.order(ByteOrder.nativeOrder()).putShort(0, (short) (of.v6() ? AF_INET6 : AF_INET));
    fields.order(ByteOrder.BIG_ENDIAN);
    if (of.v6()) {
      fields.putLong(8, of.high()).putLong(16, of.low());
    } else {
      fields.putInt(4, (int) of.low());
    }
    return address;
  }
}
