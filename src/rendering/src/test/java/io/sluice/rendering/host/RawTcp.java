package io.sluice.rendering.host;

import io.sluice.resources.net.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** Single TCP segments that belong to no connection of any program. */
public final class RawTcp {

  private static final int HEADER = 20;
  private static final int PROTOCOL = 6;
  private static final int FIN_ACK = 0x11;
  private static final int RST = 0x04;

  private RawTcp() {}

  /**
   * Sends the end of a connection that never was, and waits for the reset that every host answers
   * it with. The calling thread's network and the right to open raw sockets are needed.
   *
   * @return whether the reset came
   */
  public static boolean isAnswered(
      IpAddress source, int sourcePort, IpAddress destination, int port, Duration patience)
      throws IOException {
    try (RawSocket socket = RawSocket.tcp(source, patience)) {
      socket.send(segment(source, sourcePort, destination, port), destination);
      long deadline = System.nanoTime() + patience.toNanos();
      while (System.nanoTime() < deadline) {
        Optional<ByteBuffer> answer = socket.receive();
        if (answer.isEmpty()) {
          return false;
        }
        if (isReset(answer.get(), destination.v6(), port, sourcePort)) {
          return true;
        }
      }
      return false;
    }
  }

  /** IPv4's raw sockets get the IP header too, IPv6's do not. */
  private static boolean isReset(ByteBuffer packet, boolean v6, int from, int to) {
    int start = v6 ? 0 : (packet.get(0) & 0xf) * 4;
    return packet.limit() >= start + HEADER
        && (packet.getShort(start) & 0xffff) == from
        && (packet.getShort(start + 2) & 0xffff) == to
        && (packet.get(start + 13) & RST) != 0;
  }

  private static ByteBuffer segment(
      IpAddress source, int sourcePort, IpAddress destination, int port) {
    ByteBuffer segment = ByteBuffer.allocate(HEADER);
    segment.putShort((short) sourcePort).putShort((short) port);
    segment.putInt(0x5150_0001).putInt(0x5150_0002);
    segment.put((byte) ((HEADER / 4) << 4)).put((byte) FIN_ACK).putShort((short) 1024);
    segment.putInt(0); // checksum and urgent pointer
    long sum = sum(source) + sum(destination) + PROTOCOL + HEADER;
    for (int i = 0; i < HEADER; i += 2) {
      sum += segment.getShort(i) & 0xffff;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return segment.putShort(16, (short) ~sum).rewind();
  }

  private static long sum(IpAddress address) {
    long sum = 0;
    for (int shift = 0; shift < 64; shift += 16) {
      sum += ((address.high() >>> shift) & 0xffff) + ((address.low() >>> shift) & 0xffff);
    }
    return sum;
  }
}
