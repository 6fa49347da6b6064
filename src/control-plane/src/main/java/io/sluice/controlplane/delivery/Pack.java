package io.sluice.controlplane.delivery;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Difference;
import io.sluice.rendering.bundle.Digest;
import io.sluice.rendering.bundle.Folder;
import io.sluice.rendering.bundle.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What a host lacks of a bundle, as a zip whose entries are named by their content. */
final class Pack {

  /** The entry that says how the tree differs, instead of manifests. */
  private static final String DIFFERENCE = "difference";

  /** 1980-02-01, the same in every pack: equal content gives equal bytes. */
  private static final LocalDateTime WHEN = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final SortedMap<String, byte[]> entries = new TreeMap<>();

  private Pack() {}

  /** Every manifest and file of a bundle. */
  static byte[] whole(Bundle bundle) {
    Pack pack = new Pack();
    pack.add(bundle.root(), Optional.empty());
    return pack.zip();
  }

  /** The manifests and files of a bundle that do not stand at the same place in another. */
  static byte[] since(Bundle applied, Bundle bundle) {
    Pack pack = new Pack();
    pack.add(bundle.root(), Optional.of(applied.root()));
    return pack.zip();
  }

  /** The new files alone, and what becomes of the tree. */
  static byte[] of(Difference difference) {
    Pack pack = new Pack();
    pack.entries.put(DIFFERENCE, difference.text().getBytes(StandardCharsets.UTF_8));
    difference
        .present()
        .values()
        .forEach(content -> pack.entries.put(content.digest().hex(), content.bytes()));
    return pack.zip();
  }

  private void add(Node node, Optional<Node> before) {
    Digest digest = node.digest();
    if (before.map(Node::digest).filter(digest::equals).isPresent()) {
      return;
    }
    switch (node) {
      case Content content -> entries.put(digest.hex(), content.bytes());
      case Folder folder -> {
        entries.put(digest.hex(), folder.manifest());
        folder.forEach((name, each) -> add(each, before.flatMap(then -> entry(then, name))));
      }
    }
  }

  private static Optional<Node> entry(Node node, String name) {
    return switch (node) {
      case Folder folder -> folder.entry(name);
      case Content _ -> Optional.empty();
    };
  }

  private byte[] zip() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.US_ASCII)) {
      for (var each : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(each.getKey());
        entry.setTimeLocal(WHEN);
        zip.putNextEntry(entry);
        zip.write(each.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory refused a write", e);
    }
    return bytes.toByteArray();
  }
}
