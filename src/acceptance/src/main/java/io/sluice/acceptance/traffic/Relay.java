package io.sluice.acceptance.traffic;

import io.sluice.acceptance.topology.Host;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A port of this machine's own loopback that leads to a loopback port inside a host: for the
 * browser, which is outside.
 */
public final class Relay implements AutoCloseable {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final ServerSocketChannel listener;
  private final Host host;
  private final InetSocketAddress target;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

  private Relay(ServerSocketChannel listener, Host host, int port) {
    this.listener = listener;
    this.host = host;
    this.target = new InetSocketAddress(LOOPBACK, port);
    Thread.ofVirtual().name("relay").start(this::accept);
  }

  /**
   * Listens.
   *
   * @param wanted the port to listen on, or the next free one above it; 0 for any
   * @param port the loopback port of the host
   */
  public static Relay start(int wanted, Host host, int port) throws IOException {
    for (int candidate = wanted; ; candidate++) {
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
      try {
        listener.bind(new InetSocketAddress(LOOPBACK, candidate), 256);
        return new Relay(listener, host, port);
      } catch (BindException e) {
        listener.close();
        if (candidate >= wanted + 100) {
          throw e;
        }
      }
    }
  }

  /** The port it listens on. */
  public int port() {
    return listener.socket().getLocalPort();
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel client = listener.accept();
        open.add(client);
        Thread.ofVirtual().name("relay").start(() -> serve(client));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client;
        SocketChannel server =
            host.namespace().call(() -> SocketChannel.open(StandardProtocolFamily.INET))) {
      open.add(server);
      server.connect(target);
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      server.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Thread answers = Thread.ofVirtual().name("relay").start(() -> copy(server, client));
      copy(client, server);
      answers.join();
      open.remove(server);
    } catch (IOException e) {
      // The host's port is closed: the client sees its connection end, as it would there.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private static void close(Closeable channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is left to be done with it.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    open.forEach(Relay::close);
  }
}
