package io.sluice.agent.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of a response, with a length or in chunks; an early end is an error. */
final class HttpBody extends InputStream {

  private final InputStream in;
  private final boolean chunked;
  private long left;
  private boolean ended;

  private HttpBody(InputStream in, boolean chunked, long left) {
    this.in = in;
    this.chunked = chunked;
    this.left = left;
    this.ended = !chunked && left == 0;
  }

  static HttpBody ofLength(InputStream in, long length) {
    return new HttpBody(in, false, length);
  }

  static HttpBody inChunks(InputStream in) {
    return new HttpBody(in, true, 0);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!ended && left == 0) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int n = in.read(bytes, from, (int) Math.min(length, left));
    if (n < 0) {
      throw new EOFException("the connection ended within the response");
    }
    left -= n;
    if (left == 0) {
      if (chunked) {
        HttpConnection.line(in);
      } else {
        ended = true;
      }
    }
    return n;
  }

  private void nextChunk() throws IOException {
    String size = HttpConnection.line(in);
    int end = size.indexOf(';');
    try {
      left = Long.parseLong((end < 0 ? size : size.substring(0, end)).strip(), 16);
    } catch (NumberFormatException e) {
      throw new IOException("not the size of a chunk: " + size, e);
    }
    if (left < 0) {
      throw new IOException("not the size of a chunk: " + size);
    }
    if (left == 0) {
      while (!HttpConnection.line(in).isEmpty()) {
        // Trailers say nothing that we need.
      }
      ended = true;
    }
  }

  boolean ended() {
    return ended;
  }
}
