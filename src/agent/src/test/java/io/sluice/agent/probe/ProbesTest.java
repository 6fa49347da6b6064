package io.sluice.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.bundle.ServiceProbe;
import io.sluice.agent.host.Log;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProbesTest {

  private static final String LISTENER = "10.0.0.1:80";

  private final BlockingQueue<Map<String, Boolean>> told = new LinkedBlockingQueue<>();
  private final Probes probes;
  private final Thread thread;
  private ServerSocket application;

  ProbesTest() throws IOException {
    Probes[] self = new Probes[1];
    self[0] = new Probes(() -> told.add(self[0].found()), new Log(System.err));
    probes = self[0];
    thread = Thread.ofPlatform().daemon().unstarted(probes::run);
    application = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @BeforeEach
  void run() {
    thread.start();
  }

  @AfterEach
  void end() throws Exception {
    thread.interrupt();
    thread.join();
    application.close();
  }

  @Test
  void anApplicationThatTakesConnectionsIsReadyUntilItDoesNot() throws Exception {
    probes.follow(probe(1, 1));
    assertThat(told.take()).containsEntry(LISTENER, true);

    application.close();
    assertThat(told.take()).containsEntry(LISTENER, false);

    application = listen(application.getLocalPort());
    assertThat(told.take()).containsEntry(LISTENER, true);
  }

  @Test
  void anApplicationThatWasNeverThereIsNotReadyAfterOneConnect() throws Exception {
    application.close();

    probes.follow(probe(1, 1_000));

    assertThat(told.take()).containsEntry(LISTENER, false);
  }

  @Test
  void whatIsFoundCountsUntilEnoughConnectsSayOtherwise() throws Exception {
    probes.follow(probe(1, 1_000));
    assertThat(told.take()).containsEntry(LISTENER, true);

    application.close();

    assertThat(told.poll(1, TimeUnit.SECONDS)).isNull();
    assertThat(probes.found()).containsEntry(LISTENER, true);
  }

  @Test
  void anotherProbeOfTheSameInboundLeavesWhatIsKnown() throws Exception {
    probes.follow(probe(1, 1));
    assertThat(told.take()).containsEntry(LISTENER, true);

    probes.follow(probe(2, 2));

    assertThat(probes.found()).containsEntry(LISTENER, true);
  }

  @Test
  void whatIsNotProbedAnyMoreIsNotKnownAnyMore() throws Exception {
    probes.follow(probe(1, 1));
    assertThat(told.take()).containsEntry(LISTENER, true);

    probes.follow(new TreeMap<>());

    assertThat(probes.found()).isEmpty();
  }

  private SortedMap<String, ServiceProbe> probe(int healthy, int unhealthy) {
    var place = new ServiceProbe.Place("127.0.0.1", application.getLocalPort());
    return new TreeMap<>(
        Map.of(LISTENER, new ServiceProbe(place, 100, 20_000, healthy, unhealthy)));
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    // What was taken from the queue before may still be there.
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }
}
