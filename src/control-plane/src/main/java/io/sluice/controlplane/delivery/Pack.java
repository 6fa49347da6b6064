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

  /** The folder of a bundle that thousands of services may be in. */
  private static final String MESH = "mesh/";

  /** Fewer are sent whether a host has them or not: each that it fetches is a request. */
  private static final int MANY_FILES = 256;

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

  /**
   * What to send to a host whose own bundle is not held any more, such as after a restart: every
   * manifest, and its own files. Those of a large mesh it has but for a few, which it fetches: to
   * compress thousands of files for each of a thousand hosts would take minutes.
   */
  static byte[] outline(Bundle bundle) {
    Pack pack = new Pack();
    Folder root = bundle.root();
    pack.entries.put(root.digest().hex(), root.manifest());
    root.forEach(
        (name, node) -> {
          if (name.equals(MESH) && node instanceof Folder mesh && isLarge(mesh)) {
            pack.addManifests(mesh);
          } else {
            pack.add(node, Optional.empty());
          }
        });
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

  private static boolean isLarge(Folder folder) {
    int[] files = {0};
    folder.forEachFile((path, content) -> files[0]++);
    return files[0] > MANY_FILES;
  }

  private void addManifests(Folder folder) {
    entries.put(folder.digest().hex(), folder.manifest());
    folder.forEach(
        (name, node) -> {
          if (node instanceof Folder below) {
            addManifests(below);
          }
        });
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
