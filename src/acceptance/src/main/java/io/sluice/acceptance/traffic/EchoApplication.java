package io.sluice.acceptance.traffic;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.acceptance.topology.Host;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP application on a host that answers who it is and from where it was called. */
public final class EchoApplication implements AutoCloseable {

  static final String APPLICATION = "Echo-Application";
  static final String PEER = "Echo-Peer";
  static final String LOCAL = "Echo-Local";

  static {
    // Without it an answer of two segments waits for the peer's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final String name;
  private final HttpServer server;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

  private EchoApplication(String name, HttpServer server) {
    this.name = name;
    this.server = server;
    server.createContext("/", this::answer);
    server.setExecutor(requests);
    server.start();
  }

  /**
   * Starts the application on a host.
   *
   * @param address where it listens; the unspecified IPv6 address means both families
   */
  public static EchoApplication start(String name, Host host, String address, int port)
      throws IOException {
    InetSocketAddress listen = new InetSocketAddress(InetAddress.ofLiteral(address), port);
    return new EchoApplication(name, host.namespace().call(() -> HttpServer.create(listen, 1024)));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      InetSocketAddress peer = exchange.getRemoteAddress();
      InetSocketAddress local = exchange.getLocalAddress();
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", "text/plain; charset=utf-8");
      headers.set(APPLICATION, name);
      headers.set(PEER, IpText.of(peer.getAddress()));
      headers.set(LOCAL, text(local));
      byte[] body =
          "%s: called from %s at %s over %s%n"
              .formatted(name, text(peer), text(local), family(peer))
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String text(InetSocketAddress address) {
    String literal = IpText.of(address.getAddress());
    return address.getAddress() instanceof Inet4Address
        ? literal + ":" + address.getPort()
        : "[" + literal + "]:" + address.getPort();
  }

  private static String family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address ? "IPv4" : "IPv6";
  }

  @Override
  public void close() {
    server.stop(0);
    requests.shutdownNow();
  }
}
