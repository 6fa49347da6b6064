package io.sluice.controlplane.delivery;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The part of a bundle that a host lacks, as a zip whose entries are named by their content. */
final class Pack {

  /** 1980-02-01, the same in every pack: equal content gives equal bytes. */
  private static final java.time.LocalDateTime WHEN = java.time.LocalDateTime.of(1980, 2, 1, 0, 0);

  private Pack() {}

  static byte[] of(Bundle bundle, Set<Digest> present) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.US_ASCII)) {
      for (Map.Entry<Digest, byte[]> object : new TreeMap<>(bundle.objects()).entrySet()) {
        if (!present.contains(object.getKey())) {
          ZipEntry entry = new ZipEntry(object.getKey().hex());
          entry.setTimeLocal(WHEN);
          zip.putNextEntry(entry);
          zip.write(object.getValue());
          zip.closeEntry();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory refused a write", e);
    }
    return bytes.toByteArray();
  }
}
