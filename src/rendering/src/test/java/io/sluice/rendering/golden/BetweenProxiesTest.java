package io.sluice.rendering.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.host.Inside;
import io.sluice.rendering.host.PrivateHost;
import io.sluice.rendering.host.Program;
import io.sluice.rendering.host.RunningEnvoy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program calls its own service through one Envoy, which so has both sides of a call. */
class BetweenProxiesTest {

  @TempDir private Path folder;
  private PrivateHost host;
  private Inside inside;
  private ServerSocket application;
  private RunningEnvoy envoy;

  @BeforeEach
  void anApplicationWithAnInboundAndAnOutboundToItself() throws IOException {
    host = new PrivateHost(folder);
    assertThat(host.run("ip addr add 10.0.0.1/32 dev lo")).isEqualTo(new Program.Result(0, ""));
    inside = new Inside(host);
    application =
        inside.as(0, 0, () -> new ServerSocket(5000, 50, InetAddress.getLoopbackAddress()));
    Thread.ofPlatform().daemon().start(this::serve);
    envoy = new RunningEnvoy(host, Golden.named("services-own").rendered());
  }

  @AfterEach
  void allIsGone() throws IOException {
    envoy.close();
    application.close();
    inside.close();
    host.close();
  }

  @Test
  void httpTravelsAsHttp2AndArrivesAsTheApplicationSpeaksIt() {
    assertThat(
            host.run("curl --silent --max-time 10 --write-out ' %{http_version}' 127.0.0.1:8080"))
        .isEqualTo(new Program.Result(0, "GET / HTTP/1.1 1.1"));
    assertThat(envoy.statistics())
        .containsEntry("cluster.web.upstream_cx_http2_total", "1")
        .containsEntry("cluster.inbound_10_0_0_1_15000.upstream_cx_http1_total", "1");
  }

  @Test
  void aWebSocketPassesThroughBothProxies() throws IOException {
    try (Socket client =
        inside.as(0, 0, () -> new Socket(InetAddress.getLoopbackAddress(), 8080))) {
      client.setSoTimeout(10_000);
      BufferedReader answers = reader(client);
      write(
          client,
          """
          GET /chat HTTP/1.1
          Host: web
          Connection: Upgrade
          Upgrade: websocket

          """);
      assertThat(answers.readLine()).isEqualTo("HTTP/1.1 101 Switching Protocols");
      assertThat(answers.lines().takeWhile(line -> !line.isEmpty())).isNotEmpty();

      write(client, "hello\n");
      assertThat(answers.readLine()).isEqualTo("hello");
    }
  }

  private void serve() {
    try {
      while (true) {
        Socket connection = application.accept();
        Thread.ofPlatform().daemon().start(() -> answer(connection));
      }
    } catch (IOException e) {
      // The test is over and has closed it.
    }
  }

  /** Tells a request's first line; what wants to be a WebSocket gets its lines back. */
  private static void answer(Socket connection) {
    try (connection) {
      BufferedReader requests = reader(connection);
      for (String first = requests.readLine(); first != null; first = requests.readLine()) {
        boolean upgrade =
            requests
                    .lines()
                    .takeWhile(line -> !line.isEmpty())
                    .filter(line -> line.equalsIgnoreCase("upgrade: websocket"))
                    .count()
                > 0;
        if (upgrade) {
          write(
              connection,
              "HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: websocket\n\n");
          write(connection, requests.readLine() + "\n");
          return;
        }
        write(
            connection, "HTTP/1.1 200 OK\nContent-Length: %d\n\n".formatted(first.length()), first);
      }
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  private static void write(Socket socket, String head, String... body) throws IOException {
    Writer out =
        new java.io.OutputStreamWriter(socket.getOutputStream(), StandardCharsets.US_ASCII);
    out.write(head.replace("\n", "\r\n") + String.join("", body));
    out.flush();
  }
}
