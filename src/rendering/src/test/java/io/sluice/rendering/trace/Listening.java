package io.sluice.rendering.trace;

import io.sluice.rendering.host.Inside;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/**
 * Programs on many ports of a host, on all of its addresses. Over TCP each says where it is and
 * gives back what it is sent. What arrives over UDP is reported: a redirected answer would have to
 * find its way back, and that is not the question.
 */
final class Listening implements AutoCloseable {

  private final String name;
  private final BlockingQueue<Datagram> datagrams;
  private final Selector selector;

  /** A datagram and where it arrived. */
  record Datagram(String place, String text) {}

  Listening(
      String name,
      Inside host,
      List<Integer> tcp,
      List<Integer> udp,
      BlockingQueue<Datagram> datagrams) {
    this.name = name;
    this.datagrams = datagrams;
    this.selector =
        host.as(
            0,
            0,
            () -> {
              Selector made = Selector.open();
              for (int port : tcp) {
                register(
                    made,
                    ServerSocketChannel.open().bind(any(port), 1024),
                    port,
                    SelectionKey.OP_ACCEPT);
              }
              for (int port : udp) {
                register(made, DatagramChannel.open().bind(any(port)), port, SelectionKey.OP_READ);
              }
              return made;
            });
    Thread.ofPlatform().name("listening on " + name).daemon().start(this::serve);
  }

  @Override
  public void close() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve() {
    try {
      while (selector.isOpen()) {
        selector.select(this::serve);
      }
    } catch (ClosedSelectorException e) {
      // closed: nobody asks any more
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(SelectionKey key) {
    try {
      switch (key.channel()) {
        case ServerSocketChannel listener -> {
          SocketChannel connection = listener.accept();
          if (connection != null) {
            connection.write(bytes(name + ":" + key.attachment() + "\n"));
            register(selector, connection, 0, SelectionKey.OP_READ);
          }
        }
        case DatagramChannel channel -> {
          ByteBuffer text = ByteBuffer.allocate(100);
          channel.receive(text);
          datagrams.add(new Datagram(name + ":" + key.attachment(), text(text)));
        }
        case SocketChannel connection -> echo(connection);
        default -> throw new IllegalStateException("nobody registered " + key.channel());
      }
    } catch (IOException e) {
      key.cancel();
    }
  }

  private static void echo(SocketChannel connection) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(100);
    if (connection.read(text) < 0) {
      connection.close();
    } else {
      connection.write(text.flip());
    }
  }

  private static void register(Selector selector, SelectableChannel channel, int port, int interest)
      throws IOException {
    channel.configureBlocking(false);
    channel.register(selector, interest, port);
  }

  private static InetSocketAddress any(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("::"), port);
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(ByteBuffer buffer) {
    return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
  }
}
