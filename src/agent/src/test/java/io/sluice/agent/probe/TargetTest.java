package io.sluice.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.bundle.ServiceProbe;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class TargetTest {

  @Test
  void aConnectThatMeetsItselfIsNoApplication() throws Exception {
    try (SocketChannel channel = SocketChannel.open()) {
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      channel.connect(channel.getLocalAddress());

      assertThat(Target.isSomebodyElse(channel)).isFalse();
    }
  }

  @Test
  void aListenerOfTheSameHostIsAnApplication() throws Exception {
    try (ServerSocket application = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SocketChannel channel = SocketChannel.open(application.getLocalSocketAddress())) {
      assertThat(Target.isSomebodyElse(channel)).isTrue();
    }
  }

  @Test
  void anAddressThatCantBeDialledIsNotReady() throws Exception {
    var nowhere = new ServiceProbe.Place("no address", 80);
    Target target = new Target(new ServiceProbe(nowhere, 100, 1_000, 1, 1));

    try (Selector selector = Selector.open()) {
      target.tend(selector);
    }

    assertThat(target.ready()).contains(false);
  }
}
