package io.sluice.acceptance.traffic;

import io.sluice.acceptance.topology.Host;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A question about a name, asked from a host: RFC 1035 in a few lines. */
public final class DnsQuestion {

  /** How it is sent. */
  public enum Transport {
    UDP,
    TCP
  }

  /** What is asked for. */
  public enum RecordType {
    A(1),
    PTR(12),
    MX(15),
    TXT(16),
    AAAA(28),
    SRV(33),
    HTTPS(65);

    private final int code;

    RecordType(int code) {
      this.code = code;
    }
  }

  /**
   * What a server says.
   *
   * @param code 0 also when there is nothing of this type, 3 when there is no such name
   * @param records how many there are, of whatever type
   * @param addresses those of the records that have one, as text
   */
  public record Answer(int code, int records, List<String> addresses) {}

  private static final int MILLIS = 3_000;
  private static final int HEADER = 12;
  private static final int INTERNET = 1;
  private static final int RECURSION_DESIRED = 0x100;
  private static final int ID = 0x5159;

  private DnsQuestion() {}

  /**
   * Asks a server for IPv4 addresses.
   *
   * @throws IOException when there is no answer within three seconds
   */
  public static List<String> ask(Host from, InetSocketAddress server, String name, Transport how)
      throws IOException {
    return ask(from, server, name, RecordType.A, how).addresses();
  }

  /**
   * Asks a server.
   *
   * @throws IOException when there is no answer within three seconds
   */
  public static Answer ask(
      Host from, InetSocketAddress server, String name, RecordType type, Transport how)
      throws IOException {
    byte[] question = question(name, type);
    byte[] answer =
        switch (how) {
          case UDP -> overUdp(from, server, question);
          case TCP -> overTcp(from, server, question);
        };
    return read(ByteBuffer.wrap(answer), question.length);
  }

  private static byte[] overUdp(Host from, InetSocketAddress server, byte[] question)
      throws IOException {
    StandardProtocolFamily family = family(server);
    try (DatagramSocket socket =
        from.namespace().call(() -> DatagramChannel.open(family)).socket()) {
      socket.setSoTimeout(MILLIS);
      socket.connect(server); // so that an answer from somewhere else is none
      socket.send(new DatagramPacket(question, question.length));
      DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
      socket.receive(answer);
      return Arrays.copyOf(answer.getData(), answer.getLength());
    }
  }

  private static byte[] overTcp(Host from, InetSocketAddress server, byte[] question)
      throws IOException {
    StandardProtocolFamily family = family(server);
    try (Socket socket = from.namespace().call(() -> SocketChannel.open(family)).socket()) {
      socket.setSoTimeout(MILLIS);
      socket.connect(server, MILLIS);
      byte[] message =
          ByteBuffer.allocate(2 + question.length)
              .putShort((short) question.length)
              .put(question)
              .array();
      socket.getOutputStream().write(message);
      DataInputStream input = new DataInputStream(socket.getInputStream());
      int length = input.readUnsignedShort();
      byte[] answer = input.readNBytes(length);
      if (answer.length < length) {
        throw new EOFException("the answer ended after %d bytes".formatted(answer.length));
      }
      return answer;
    }
  }

  private static StandardProtocolFamily family(InetSocketAddress server) {
    return server.getAddress() instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  private static byte[] question(String name, RecordType type) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream output = new DataOutputStream(bytes);
    for (int field : new int[] {ID, RECURSION_DESIRED, 1, 0, 0, 0}) {
      output.writeShort(field);
    }
    for (String label : name.split("\\.", -1)) {
      output.writeByte(label.length());
      output.write(label.getBytes(StandardCharsets.US_ASCII));
    }
    output.writeByte(0);
    output.writeShort(type.code);
    output.writeShort(INTERNET);
    return bytes.toByteArray();
  }

  /** An answer that repeats a question of this length, as it stands. */
  private static Answer read(ByteBuffer answer, int question) throws IOException {
    if (answer.limit() < HEADER || Short.toUnsignedInt(answer.getShort(0)) != ID) {
      throw new IOException("not an answer to the question");
    }
    int code = answer.getShort(2) & 0xf;
    int records = Short.toUnsignedInt(answer.getShort(6));
    answer.position(question);
    List<String> addresses = new ArrayList<>();
    for (int record = 0; record < records; record++) {
      answer.getShort(); // its name: a pointer to the question's
      int type = answer.getShort();
      answer.getShort();
      answer.getInt();
      byte[] data = new byte[Short.toUnsignedInt(answer.getShort())];
      answer.get(data);
      if (type == RecordType.A.code || type == RecordType.AAAA.code) {
        addresses.add(IpText.of(InetAddress.getByAddress(data)));
      }
    }
    return new Answer(code, records, List.copyOf(addresses));
  }
}
