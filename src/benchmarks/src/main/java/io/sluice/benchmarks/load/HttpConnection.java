package io.sluice.benchmarks.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One HTTP/1.1 connection that stays open as long as the server lets it, used by one thread. It
 * does next to nothing itself: it shares the processors with what it measures.
 */
public final class HttpConnection implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 60_000;

  private final InetSocketAddress server;
  private final String host;
  private Socket socket;
  private InputStream in;

  /** Connects. */
  public HttpConnection(InetSocketAddress server) throws IOException {
    this.server = server;
    this.socket = connect(server);
    this.in = input(socket);
    host = server.getAddress().getHostAddress() + ":" + server.getPort();
  }

  private static Socket connect(InetSocketAddress server) throws IOException {
    Socket socket = new Socket(server.getAddress(), server.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  private static InputStream input(Socket socket) throws IOException {
    return new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  /** What came back. */
  public record Answer(int status, String text) {}

  /** A GET. */
  public Answer get(String path) throws IOException {
    return exchange("GET", path, "application/json", new byte[0]);
  }

  /** Any request; an empty body is sent as none. */
  public Answer exchange(String method, String path, String contentType, byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder(192);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(host);
    head.append("\r\nAccept: application/json\r\n");
    if (body.length > 0) {
      head.append("Content-Type: ").append(contentType);
      head.append("\r\nContent-Length: ").append(body.length).append("\r\n");
    }
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] request = new byte[start.length + body.length];
    System.arraycopy(start, 0, request, 0, start.length);
    System.arraycopy(body, 0, request, start.length, body.length);
    socket.getOutputStream().write(request);
    return read();
  }

  private Answer read() throws IOException {
    String statusLine = line();
    int status = Integer.parseInt(statusLine.substring(9, 12));
    long length = 0;
    boolean chunked = false;
    boolean closing = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring("content-length:".length()).strip());
      } else if (lower.startsWith("transfer-encoding:") && lower.contains("chunked")) {
        chunked = true;
      } else if (lower.startsWith("connection:") && lower.contains("close")) {
        closing = true;
      }
    }
    byte[] body = chunked ? chunks() : bytes((int) length);
    if (closing) {
      socket.close();
      socket = connect(server);
      in = input(socket);
    }
    return new Answer(status, new String(body, StandardCharsets.UTF_8));
  }

  private byte[] chunks() throws IOException {
    byte[] body = new byte[0];
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      byte[] longer = new byte[body.length + size];
      System.arraycopy(body, 0, longer, 0, body.length);
      System.arraycopy(bytes(size), 0, longer, body.length, size);
      body = longer;
      line();
    }
    line();
    return body;
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().strip(), 16);
  }

  private byte[] bytes(int length) throws IOException {
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the server closed within an answer");
    }
    return body;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
