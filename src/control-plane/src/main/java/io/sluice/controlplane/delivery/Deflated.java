package io.sluice.controlplane.delivery;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Some bytes as an entry of a zip has them.
 *
 * @param bytes compressed; the array is shared, not to be written to
 * @param crc of what they were
 * @param size of what they were
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Deflated(byte[] bytes, int crc, int size) {

  static Deflated of(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      deflater.setInput(content);
      deflater.finish();
      byte[] out = new byte[Math.max(64, content.length / 2)];
      int length = deflater.deflate(out);
      while (!deflater.finished()) {
        out = Arrays.copyOf(out, 2 * out.length);
        length += deflater.deflate(out, length, out.length - length);
      }
      return new Deflated(Arrays.copyOf(out, length), (int) crc.getValue(), content.length);
    }
  }
}
