package io.sluice.agent.probe;

import io.sluice.agent.bundle.ServiceProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One application that is probed, and what the last connects have shown. */
final class Target {

  private ServiceProbe probe;
  private Optional<Boolean> ready = Optional.empty();
  private boolean settled;
  private boolean last;
  private int inRow;
  private long nextAt;
  private long deadline;
  private @Nullable SocketChannel connecting;

  Target(ServiceProbe probe) {
    this.probe = probe;
    this.nextAt = System.nanoTime();
  }

  /** Whether the application takes connections; empty before the first connect has ended. */
  Optional<Boolean> ready() {
    return ready;
  }

  /** Goes on in another way, if it is one; what was found counts until something else is. */
  void follow(ServiceProbe wanted) {
    if (!wanted.equals(probe)) {
      abandon();
      probe = wanted;
      settled = false;
      nextAt = System.nanoTime();
    }
  }

  /** When something is to be done, in the time of {@link System#nanoTime}. */
  long dueAt() {
    return connecting == null ? nextAt : deadline;
  }

  /** Does what is due: begins to connect, or ends what has taken too long. */
  void tend(Selector selector) {
    long now = System.nanoTime();
    if (now - dueAt() < 0) {
      return;
    }
    if (connecting != null) {
      ended(false);
      return;
    }
    nextAt = now + probe.intervalMillis() * 1_000_000L;
    deadline = now + probe.timeoutMillis() * 1_000_000L;
    try {
      SocketChannel channel = SocketChannel.open();
      connecting = channel;
      channel.configureBlocking(false);
      InetAddress address = InetAddress.ofLiteral(probe.workload().address());
      if (channel.connect(new InetSocketAddress(address, probe.workload().port()))) {
        ended(isSomebodyElse(channel));
      } else {
        channel.register(selector, SelectionKey.OP_CONNECT, this);
      }
    } catch (IOException | RuntimeException e) {
      // Also a family that the kernel does not have: the other applications are to be probed.
      ended(false);
    }
  }

  /** Hears that the kernel knows how the connect ended. */
  void connected() {
    SocketChannel channel = connecting;
    if (channel == null) {
      return;
    }
    try {
      ended(channel.finishConnect() && isSomebodyElse(channel));
    } catch (IOException e) {
      ended(false);
    }
  }

  /**
   * Whether a connection leads to an application. Where nobody listens on one of the ports that the
   * kernel gives to those who connect, a connect may be given that very port, and meet itself.
   */
  static boolean isSomebodyElse(SocketChannel connected) throws IOException {
    return !connected.getLocalAddress().equals(connected.getRemoteAddress());
  }

  /** Ends a connect that nobody waits for any more. */
  void abandon() {
    if (connecting != null) {
      try {
        connecting.close();
      } catch (IOException e) {
        // The kernel has it back all the same.
      }
      connecting = null;
    }
  }

  private void ended(boolean success) {
    abandon();
    inRow = success == last ? Math.min(inRow + 1, Integer.MAX_VALUE - 1) : 1;
    last = success;
    int needed = success ? probe.healthyThreshold() : probe.unhealthyThreshold();
    // As with Envoy, the first result counts alone: until then nothing is known.
    if (!settled || inRow >= needed) {
      ready = Optional.of(success);
    }
    settled = true;
  }
}
