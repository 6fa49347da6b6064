package io.sluice.agent.prove;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.firewall.Loopback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A connection that only succeeds when the kernel redirects it: to an address of this host on which
 * nobody listens, and for which Envoy has a listener that is not bound and answers with 204. A
 * bundle that captures nothing that leaves has no such listener, and is not probed.
 */
enum Probe {
  V4("127.0.0.6", "envoy/listeners/sluice-probe-ipv4.json"),
  V6("::6", "envoy/listeners/sluice-probe-ipv6.json");

  private static final int PORT = 15_009;
  private static final int MILLIS = 1_000;
  private static final String REQUEST =
      "GET / HTTP/1.1\r\nHost: sluice-probe\r\nConnection: close\r\n\r\n";
  private static final String ANSWER = "HTTP/1.1 204";

  private final String address;
  private final String listener;

  Probe(String address, String listener) {
    this.address = address;
    this.listener = listener;
  }

  /** Whether it should succeed with a bundle on this host. */
  boolean isOf(Generation bundle) throws IOException {
    return bundle.tree().file(listener).isPresent() && (this == V4 || Loopback.present());
  }

  String target() {
    return this == V4 ? address + ':' + PORT : '[' + address + "]:" + PORT;
  }

  /**
   * Sends it.
   *
   * @throws IOException if nobody answers, or somebody else
   */
  void send() throws IOException {
    String answer = Stranger.run(this::ask);
    if (!answer.equals(ANSWER)) {
      throw new IOException(
          answer.isEmpty() ? "it was closed without an answer" : "somebody else answers");
    }
  }

  private String ask() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), PORT), MILLIS);
      socket.setSoTimeout(MILLIS);
      socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(ANSWER.length());
      return new String(answer, StandardCharsets.US_ASCII);
    }
  }
}
