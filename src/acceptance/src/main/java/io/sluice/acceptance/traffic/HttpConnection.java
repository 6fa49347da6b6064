package io.sluice.acceptance.traffic;

import io.sluice.acceptance.topology.Host;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client's connection from a host, over which it asks one thing after the other. Its own few
 * lines of HTTP/1.1, because the JDK's client chooses the thread that creates the socket itself.
 */
public final class HttpConnection implements AutoCloseable {

  private static final int LONGEST_LINE = 64 * 1024;

  private final Closeable channel;
  private final InputStream input;
  private final OutputStream output;
  private final String authority;

  private HttpConnection(
      Closeable channel, InputStream input, OutputStream output, String authority) {
    this.channel = channel;
    this.input = new BufferedInputStream(input);
    this.output = output;
    this.authority = authority;
  }

  /** Connects to a Unix socket of this machine. */
  public static HttpConnection open(UnixDomainSocketAddress to) throws IOException {
    SocketChannel channel = SocketChannel.open(to);
    return new HttpConnection(
        channel, Channels.newInputStream(channel), Channels.newOutputStream(channel), "localhost");
  }

  /**
   * Connects.
   *
   * @param limit how long the connection and then each read may take
   */
  public static HttpConnection open(Host from, InetSocketAddress to, Duration limit)
      throws IOException {
    int millis = Math.toIntExact(limit.toMillis());
    Socket socket =
        from.namespace().call(() -> SocketChannel.open(family(to.getAddress()))).socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      socket.connect(to, millis);
      return new HttpConnection(
          socket, socket.getInputStream(), socket.getOutputStream(), authority(to));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** One request on a connection of its own. */
  public static HttpAnswer get(Host from, InetSocketAddress to, String path, Duration limit)
      throws IOException {
    try (HttpConnection connection = open(from, to, limit)) {
      return connection.get(path);
    }
  }

  /** Asks for a path and reads the whole answer. */
  public HttpAnswer get(String path) throws IOException {
    String request =
        "GET " + path + " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: sluice-client\r\n\r\n";
    output.write(request.getBytes(StandardCharsets.ISO_8859_1));
    String status = line();
    String[] words = status.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
      throw new IOException("not an HTTP answer: " + status);
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return new HttpAnswer(Integer.parseInt(words[1]), headers, body(headers));
  }

  private String body(Map<String, String> headers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (headers.getOrDefault("Transfer-Encoding", "").equalsIgnoreCase("chunked")) {
      for (int size = chunk(); size > 0; size = chunk()) {
        body.write(exactly(size));
        line();
      }
      line();
    } else {
      body.write(exactly(Integer.parseInt(headers.getOrDefault("Content-Length", "0"))));
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private byte[] exactly(int count) throws IOException {
    byte[] bytes = input.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the answer ended after " + bytes.length + " of " + count + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = input.read(); next != '\n'; next = input.read()) {
      if (next < 0 || line.size() > LONGEST_LINE) {
        throw new EOFException("the connection was closed in the middle of an answer");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  private static StandardProtocolFamily family(InetAddress address) {
    return address instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  private static String authority(InetSocketAddress address) {
    String literal = address.getAddress().getHostAddress();
    return (literal.contains(":") ? "[" + literal + "]" : literal) + ":" + address.getPort();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
