package io.sluice.controlplane.delivery;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/**
 * A zip of entries that are compressed already, which the JDK's own writer does not take: .ZIP File
 * Format Specification 4.3. Smaller than 2 GiB, so that of its 64-bit forms only the one that
 * counts entries is used.
 */
final class Zip {

  private static final int LOCAL = 30;
  private static final int CENTRAL = 46;
  private static final int END = 22;
  private static final int END_OF_MANY = 56 + 20 + END;
  private static final int MANY = 0xffff;
  private static final short NEEDS = 20;
  private static final short MANY_NEEDS = 45;
  private static final short DEFLATE = 8;

  /** 1980-02-01, the same in every pack: equal content gives equal bytes. */
  private static final int WHEN = (2 << 5 | 1) << 16;

  private final ByteBuffer out;

  private Zip(int size) {
    this.out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The zip of entries whose names are ASCII. */
  static byte[] of(SortedMap<String, Deflated> entries) {
    long size = entries.size() < MANY ? END : END_OF_MANY;
    for (Map.Entry<String, Deflated> entry : entries.entrySet()) {
      size += LOCAL + CENTRAL + 2L * entry.getKey().length() + entry.getValue().bytes().length;
    }
    Zip zip = new Zip(Math.toIntExact(size));
    zip.write(entries);
    return zip.out.array();
  }

  private void write(SortedMap<String, Deflated> entries) {
    int[] offsets = new int[entries.size()];
    int next = 0;
    for (Map.Entry<String, Deflated> entry : entries.entrySet()) {
      offsets[next++] = out.position();
      out.putInt(0x04034b50);
      common(entry.getKey(), entry.getValue());
      out.put(entry.getKey().getBytes(StandardCharsets.US_ASCII));
      out.put(entry.getValue().bytes());
    }
    int directory = out.position();
    next = 0;
    for (Map.Entry<String, Deflated> entry : entries.entrySet()) {
      out.putInt(0x02014b50);
      out.putShort(NEEDS);
      common(entry.getKey(), entry.getValue());
      // No comment, first disk, no attributes.
      out.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
      out.putInt(offsets[next++]);
      out.put(entry.getKey().getBytes(StandardCharsets.US_ASCII));
    }
    end(entries.size(), directory, out.position() - directory);
  }

  private void common(String name, Deflated entry) {
    out.putShort(NEEDS).putShort((short) 0).putShort(DEFLATE).putInt(WHEN);
    out.putInt(entry.crc()).putInt(entry.bytes().length).putInt(entry.size());
    out.putShort((short) name.length()).putShort((short) 0);
  }

  private void end(int count, int directory, int length) {
    if (count >= MANY) {
      long at = out.position();
      out.putInt(0x06064b50).putLong(44).putShort(MANY_NEEDS).putShort(MANY_NEEDS);
      out.putInt(0).putInt(0).putLong(count).putLong(count).putLong(length).putLong(directory);
      out.putInt(0x07064b50).putInt(0).putLong(at).putInt(1);
    }
    short shown = (short) Math.min(count, MANY);
    out.putInt(0x06054b50).putInt(0).putShort(shown).putShort(shown);
    out.putInt(length).putInt(directory).putShort((short) 0);
  }
}
