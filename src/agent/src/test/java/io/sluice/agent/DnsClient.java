package io.sluice.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Asks a DNS server one question, once; RFC 1035. As a program it prints the answer's code. */
public final class DnsClient {

  /** Types of records. */
  public enum Type {
    A(1),
    PTR(12),
    MX(15),
    TXT(16),
    AAAA(28),
    SRV(33),
    HTTPS(65);

    private final int number;

    Type(int number) {
      this.number = number;
    }
  }

  /**
   * What a server said.
   *
   * @param code 0 if the name exists, 3 if it does not
   * @param truncated whether it has to be asked for over TCP
   * @param records the data of each record of the answer; an address as text, all else as bytes
   */
  public record Answer(int code, boolean truncated, List<String> records) {}

  private final InetSocketAddress server;
  private final int localPort;

  public DnsClient(String server, int port) throws IOException {
    this(server, port, 0);
  }

  private DnsClient(String server, int port, int localPort) throws IOException {
    this.server = new InetSocketAddress(InetAddress.ofLiteral(server), port);
    this.localPort = localPort;
  }

  /** The same client, asking from one port. */
  public DnsClient from(int port) throws IOException {
    return new DnsClient(server.getAddress().getHostAddress(), server.getPort(), port);
  }

  /** Arguments: server, port, the port to ask from, type, name. */
  public static void main(String[] arguments) throws IOException {
    DnsClient client =
        new DnsClient(arguments[0], Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    System.out.print(client.udp(Type.valueOf(arguments[3]), arguments[4]).code());
  }

  /** Asks over UDP, with room for 512 bytes. */
  public Answer udp(Type type, String name) throws IOException {
    return udp(type, name, 5_000);
  }

  public Answer udp(Type type, String name, int millis) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(localPort)) {
      socket.setSoTimeout(millis);
      socket.connect(server);
      byte[] question = question(type, name);
      socket.send(new DatagramPacket(question, question.length));
      DatagramPacket answer = new DatagramPacket(new byte[65_536], 65_536);
      socket.receive(answer);
      return read(answer.getData(), answer.getLength(), question);
    }
  }

  public Answer tcp(Type type, String name) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, 5_000);
      socket.setSoTimeout(5_000);
      byte[] question = question(type, name);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      ByteArrayOutputStream framed = new ByteArrayOutputStream();
      framed.write(question.length >> 8);
      framed.write(question.length);
      framed.write(question);
      out.write(framed.toByteArray());
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      return read(answer, answer.length, question);
    }
  }

  private static byte[] question(Type type, String name) {
    ByteBuffer buffer = ByteBuffer.allocate(512);
    buffer.putShort((short) ThreadLocalRandom.current().nextInt());
    buffer.putShort((short) 0x0100).putShort((short) 1).putShort((short) 0);
    buffer.putShort((short) 0).putShort((short) 0);
    for (String label : name.split("\\.", -1)) {
      buffer.put((byte) label.length()).put(label.getBytes(ISO_8859_1));
    }
    buffer.put((byte) 0).putShort((short) type.number).putShort((short) 1);
    byte[] question = new byte[buffer.flip().remaining()];
    buffer.get(question);
    return question;
  }

  private static Answer read(byte[] data, int length, byte[] question) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(data, 0, length);
    short id = in.getShort();
    short flags = in.getShort();
    if (id != ByteBuffer.wrap(question).getShort() || flags >= 0) {
      throw new IOException("this is no answer to the question");
    }
    in.getShort();
    int answers = in.getShort();
    in.position(question.length);
    List<String> records = new ArrayList<>();
    for (int i = 0; i < answers; i++) {
      skipName(in);
      short type = in.getShort();
      in.getShort();
      in.getInt();
      byte[] content = new byte[in.getShort() & 0xFFFF];
      in.get(content);
      boolean address = type == Type.A.number || type == Type.AAAA.number;
      records.add(
          address
              ? InetAddress.getByAddress(content).getHostAddress()
              : new String(content, ISO_8859_1));
    }
    return new Answer(flags & 0xF, (flags & 0x0200) != 0, records);
  }

  private static void skipName(ByteBuffer in) {
    while (true) {
      int length = in.get() & 0xFF;
      if (length == 0) {
        return;
      }
      if (length >= 0xC0) {
        in.get();
        return;
      }
      in.position(in.position() + length);
    }
  }
}
