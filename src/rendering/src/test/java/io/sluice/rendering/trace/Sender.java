package io.sluice.rendering.trace;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.sluice.rendering.host.Inside;
import io.sluice.rendering.host.RawTcp;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.transparentproxy.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends packets for real, and finds where they arrived. */
final class Sender {

  /** Where a packet is that nobody got. */
  static final String NOWHERE = "nowhere";

  private static final int PATIENCE_MILLIS = 5000;

  private final Lab lab;

  /** Each port once: conntrack remembers what it decided about the last packet from one. */
  private int nextPort = 20_000;

  Sender(Lab lab) {
    this.lab = lab;
  }

  /**
   * Where the first packet of a connection, or a datagram, arrives: {@code host:15006}.
   *
   * @param from the name of the host that sends it
   */
  String place(String from, Packet packet, int uid, int gid) throws InterruptedException {
    Inside host = lab.inside(from);
    int port = nextPort++;
    if (packet.state() == ConnectionState.INVALID) {
      return host.as(uid, gid, () -> reset(packet, port));
    }
    return switch (packet.protocol()) {
      case TCP -> host.as(uid, gid, () -> connect(packet, port));
      case UDP -> {
        String text = "datagram " + port;
        host.as(uid, gid, () -> send(packet, port, text));
        yield arrival(text);
      }
    };
  }

  /** Waits until every host of the laboratory reaches every address of the others. */
  void waitForTheNetwork() {
    Lab.ADDRESSES.forEach(
        (from, sources) ->
            Lab.ADDRESSES.forEach(
                (to, destinations) -> {
                  for (String source : sources) {
                    destinations.stream()
                        .filter(_ -> !from.equals(to))
                        .filter(destination -> v6(destination) == v6(source))
                        .forEach(destination -> waitFor(from, source, to, destination));
                  }
                }));
  }

  private void waitFor(String from, String source, String to, String destination) {
    Packet packet =
        new Packet(
            Direction.OUTBOUND,
            Transport.TCP,
            IpAddress.parse(source).orElseThrow(),
            null,
            IpAddress.parse(destination).orElseThrow(),
            Lab.TCP_PORTS.getFirst(),
            Owner.UNKNOWN,
            null,
            ConnectionState.NEW,
            true);
    await()
        .alias(source + " of " + from + " reaches " + destination + " of " + to)
        .atMost(Duration.ofSeconds(20))
        .until(() -> place(from, packet, 0, 0).startsWith(to));
  }

  private static boolean v6(String address) {
    return address.contains(":");
  }

  private static String connect(Packet packet, int port) throws IOException {
    try (SocketChannel channel = SocketChannel.open(family(packet))) {
      channel.bind(source(packet, port));
      Socket socket = channel.socket();
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(destination(packet), PATIENCE_MILLIS);
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String place = answer.readLine();
      return place == null ? "closed" : place;
    } catch (SocketTimeoutException e) {
      return NOWHERE;
    } catch (ConnectException e) {
      return "refused";
    }
  }

  /** Whoever answers a segment of no connection has its destination's address. */
  private static String reset(Packet packet, int port) throws IOException {
    IpAddress source = requireNonNull(packet.source());
    return RawTcp.isAnswered(
            source, port, packet.destination(), packet.port(), Duration.ofSeconds(1))
        ? Lab.owner(packet.destination().toString()) + ":" + packet.port()
        : NOWHERE;
  }

  /** Opens a connection that goes on when rules change. */
  Kept keep(String from, Packet packet, int uid, int gid) {
    int port = nextPort++;
    return new Kept(
        lab.inside(from)
            .as(
                uid,
                gid,
                () -> {
                  SocketChannel channel = SocketChannel.open(family(packet));
                  channel.bind(source(packet, port));
                  channel.socket().setSoTimeout(PATIENCE_MILLIS);
                  channel.socket().connect(destination(packet), PATIENCE_MILLIS);
                  return channel;
                }));
  }

  /** An open connection, of which the other end has said where it is. */
  static final class Kept implements AutoCloseable {

    private final SocketChannel channel;
    private final BufferedReader answers;
    private final String place;

    private Kept(SocketChannel channel) {
      this.channel = channel;
      try {
        this.answers =
            new BufferedReader(
                new InputStreamReader(channel.socket().getInputStream(), StandardCharsets.UTF_8));
        this.place = String.valueOf(answers.readLine());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Where the next packet arrives. */
    String place() {
      try {
        channel.write(Listening.bytes("again\n"));
        return "again".equals(answers.readLine()) ? place : NOWHERE;
      } catch (IOException e) {
        return NOWHERE;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static boolean send(Packet packet, int port, String text) throws IOException {
    try (DatagramChannel channel = DatagramChannel.open(family(packet))) {
      channel.bind(source(packet, port));
      return channel.send(Listening.bytes(text), destination(packet)) > 0;
    }
  }

  private String arrival(String text) throws InterruptedException {
    Listening.@Nullable Datagram datagram;
    do {
      datagram = lab.datagrams().poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } while (datagram != null && !datagram.text().equals(text));
    return datagram == null ? NOWHERE : datagram.place();
  }

  private static StandardProtocolFamily family(Packet packet) {
    return packet.destination().v6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
  }

  private static InetSocketAddress source(Packet packet, int port) {
    IpAddress source = packet.source();
    String any = packet.destination().v6() ? "::" : "0.0.0.0";
    return new InetSocketAddress(
        InetAddress.ofLiteral(source == null ? any : source.toString()), port);
  }

  private static InetSocketAddress destination(Packet packet) {
    return new InetSocketAddress(
        InetAddress.ofLiteral(packet.destination().toString()), packet.port());
  }
}
