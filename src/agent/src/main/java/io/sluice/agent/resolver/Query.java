package io.sluice.agent.resolver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A question to the resolver of this host, RFC 1035. */
final class Query {

  private static final short TYPE_A = 1;
  private static final short TYPE_TXT = 16;
  private static final short CLASS_INTERNET = 1;
  private static final short CLASS_CHAOS = 3;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int NO_ERROR = 0;
  private static final int NO_SUCH_NAME = 3;

  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final byte[] id = new byte[2];
  private final byte[] packet;

  private Query(String name, short type, short questionClass) {
    new SecureRandom().nextBytes(id);
    ByteBuffer buffer = ByteBuffer.allocate(512);
    buffer.put(id).putShort((short) RECURSION_DESIRED).putShort((short) 1);
    buffer.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    for (String label : name.split("\\.", -1)) {
      buffer.put((byte) label.length()).put(label.getBytes(US_ASCII));
    }
    buffer.put((byte) 0).putShort(type).putShort(questionClass);
    packet = new byte[buffer.position()];
    buffer.flip().get(packet);
  }

  /** Whether something on this port answers a question that dnsmasq passes on to nobody. */
  static boolean isAnswered(int port, int millis) {
    return new Query("version.bind", TYPE_TXT, CLASS_CHAOS).ask(port, millis) == NO_ERROR;
  }

  /** Whether a question that nobody has asked before gets an answer from the servers beyond. */
  static boolean isPassedOn(int port, int millis) {
    byte[] random = new byte[10];
    new SecureRandom().nextBytes(random);
    int code =
        new Query(HexFormat.of().formatHex(random), TYPE_A, CLASS_INTERNET).ask(port, millis);
    return code == NO_ERROR || code == NO_SUCH_NAME;
  }

  /** The answer's code, or -1 if there is none in time. */
  private int ask(int port, int millis) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
      socket.setSoTimeout(millis);
      socket.send(new DatagramPacket(packet, packet.length));
      DatagramPacket answer = new DatagramPacket(new byte[512], 512);
      socket.receive(answer);
      byte[] data = answer.getData();
      boolean ours = answer.getLength() >= 12 && data[0] == id[0] && data[1] == id[1];
      return ours && data[2] < 0 ? data[3] & 0xF : -1;
    } catch (IOException e) {
      // Nothing came in time, or nothing listens on the port.
      return -1;
    }
  }
}
