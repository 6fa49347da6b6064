package io.sluice.agent.protocol;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection over TLS, kept between requests. Half the memory of the JDK's client,
 * which matters on a host that has other work to do.
 */
final class HttpConnection implements AutoCloseable {

  private static final int CONNECT_MILLIS = 10_000;
  private static final int TRY_MILLIS = 3_000;
  private static final int HEADER_BYTES = 8192;
  private static final int HEADERS = 100;

  private final URI server;
  private final SSLSocketFactory sockets;
  private @Nullable SSLSocket socket;
  private @Nullable InputStream in;
  private @Nullable HttpBody last;

  HttpConnection(URI server, SSLSocketFactory sockets) {
    this.server = server;
    this.sockets = sockets;
  }

  /**
   * Sends a request and reads the head of the response.
   *
   * @param timeoutMillis the longest silence of the server
   */
  synchronized Response send(
      String method, String target, Map<String, String> headers, byte[] body, int timeoutMillis)
      throws IOException {
    boolean kept = reusable();
    try {
      return exchange(method, target, headers, body, timeoutMillis);
    } catch (IOException e) {
      close();
      // A connection that was kept may have been closed by the server meanwhile.
      if (!kept || e instanceof java.net.SocketTimeoutException) {
        throw e;
      }
    }
    try {
      return exchange(method, target, headers, body, timeoutMillis);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private Response exchange(
      String method, String target, Map<String, String> headers, byte[] body, int timeoutMillis)
      throws IOException {
    if (!reusable()) {
      close();
      connect();
    }
    SSLSocket open = socket;
    InputStream from = in;
    if (open == null || from == null) {
      throw new IOException("not connected");
    }
    open.setSoTimeout(timeoutMillis);
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(server.getRawAuthority()).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body.length > 0 || !method.equals("GET")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    message.writeBytes(body);
    message.writeTo(open.getOutputStream());
    open.getOutputStream().flush();
    return response(from);
  }

  private Response response(InputStream from) throws IOException {
    int status;
    Map<String, String> headers;
    do {
      status = status(line(from));
      headers = headers(from);
    } while (status == 100);
    HttpBody body;
    if (status == 204 || status == 304) {
      body = HttpBody.ofLength(from, 0);
    } else if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      body = HttpBody.inChunks(from);
    } else {
      body = HttpBody.ofLength(from, length(headers.get("content-length")));
    }
    last = headers.getOrDefault("connection", "").equalsIgnoreCase("close") ? null : body;
    return new Response(status, headers, body);
  }

  private static int status(String line) throws IOException {
    if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      throw new IOException("not an HTTP response");
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private static Map<String, String> headers(InputStream from) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(from); !line.isEmpty(); line = line(from)) {
      int colon = line.indexOf(':');
      if (colon <= 0 || headers.size() == HEADERS) {
        throw new IOException("not a header of HTTP, or too many of them");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private static long length(@Nullable String value) throws IOException {
    if (value == null || !value.matches("[0-9]{1,18}")) {
      throw new IOException("a response without length");
    }
    return Long.parseLong(value);
  }

  static String line(InputStream from) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = from.read(); c != '\n'; c = from.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (line.length() == HEADER_BYTES) {
        throw new IOException("a line of the response is too long");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private boolean reusable() {
    return socket != null && last != null && last.ended();
  }

  /** Whether a connection beside this one can be made, and its TLS with the right server. */
  boolean canConnect() {
    try (SSLSocket made = made(TRY_MILLIS)) {
      return made.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private void connect() throws IOException {
    SSLSocket made = made(CONNECT_MILLIS);
    in = new BufferedInputStream(made.getInputStream(), 16_384);
    socket = made;
  }

  private SSLSocket made(int timeoutMillis) throws IOException {
    Socket plain = new Socket();
    try {
      int port = server.getPort() < 0 ? 443 : server.getPort();
      String host = server.getHost();
      plain.connect(new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), port), timeoutMillis);
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(timeoutMillis);
      SSLSocket secure = (SSLSocket) sockets.createSocket(plain, host, port, true);
      secure.startHandshake();
      return secure;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    SSLSocket open = socket;
    socket = null;
    in = null;
    last = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is given up anyway.
      }
    }
  }
}
