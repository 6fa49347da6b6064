package io.sluice.controlplane.delivery;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Difference;
import io.sluice.rendering.bundle.Folder;
import io.sluice.rendering.bundle.Node;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.springframework.util.StreamUtils;

/**
 * What a host lacks of a bundle, as a zip whose entries are named by their content. Only what is
 * compressed is held, which of a large mesh all hosts have in common: the zip is made while it is
 * sent.
 */
final class Pack {

  /** The entry that says how the tree differs, instead of manifests. */
  private static final String DIFFERENCE = "difference";

  /** The folder of a bundle that thousands of services may be in. */
  private static final String MESH = "mesh/";

  /** Fewer are sent whether a host has them or not: each that it fetches is a request. */
  private static final int MANY_FILES = 256;

  /** The least that a zip remembers; its form has no earlier year. */
  private static final LocalDateTime DATE = LocalDateTime.of(1980, 2, 1, 0, 0);

  /** What a zip says of an entry, twice, its name included. */
  private static final int HEADERS = 200;

  private final SortedMap<String, Deflated> entries = new TreeMap<>();

  private Pack() {}

  /** Every manifest and file of a bundle. */
  static Pack whole(Bundle bundle, Deflations shared) {
    Pack pack = new Pack();
    pack.addRoot(bundle.root());
    bundle.root().forEach((name, node) -> pack.add(node, Optional.empty(), by(name, shared)));
    return pack;
  }

  /**
   * What to send to a host whose own bundle is not held any more, such as after a restart: every
   * manifest, and its own files. Those of a large mesh it has but for a few, which it fetches: to
   * compress thousands of files for each of a thousand hosts would take minutes.
   */
  static Pack outline(Bundle bundle, Deflations shared) {
    Pack pack = new Pack();
    pack.addRoot(bundle.root());
    bundle
        .root()
        .forEach(
            (name, node) -> {
              if (name.equals(MESH) && node instanceof Folder mesh && isLarge(mesh)) {
                pack.addManifests(mesh, shared);
              } else {
                pack.add(node, Optional.empty(), by(name, shared));
              }
            });
    return pack;
  }

  /** The manifests and files of a bundle that do not stand at the same place in another. */
  static Pack since(Bundle applied, Bundle bundle, Deflations shared) {
    Pack pack = new Pack();
    if (!applied.digest().equals(bundle.digest())) {
      pack.addRoot(bundle.root());
      bundle
          .root()
          .forEach((name, node) -> pack.add(node, applied.root().entry(name), by(name, shared)));
    }
    return pack;
  }

  /** The new files alone, and what becomes of the tree. */
  static Pack of(Difference difference) {
    Pack pack = new Pack();
    byte[] text = difference.text().getBytes(StandardCharsets.UTF_8);
    pack.entries.put(DIFFERENCE, Deflated.of(text));
    difference.present().values().forEach(content -> pack.put(content, Deflations::deflated));
    return pack;
  }

  /** About as many bytes as it is held in, and sent in. */
  int weight() {
    int weight = 0;
    for (Deflated entry : entries.values()) {
      weight += HEADERS + entry.bytes().length;
    }
    return weight;
  }

  /**
   * Writes the zip, and leaves the stream open.
   *
   * @return how many bytes it has
   */
  long writeTo(OutputStream out) throws IOException {
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(StreamUtils.nonClosing(out))) {
      for (Map.Entry<String, Deflated> entry : entries.entrySet()) {
        Deflated content = entry.getValue();
        zip.addRawArchiveEntry(
            header(entry.getKey(), content), new ByteArrayInputStream(content.bytes()));
      }
      zip.finish();
      return zip.getBytesWritten();
    }
  }

  /** With the same date in every pack, so that equal contents are equal bytes. */
  private static ZipArchiveEntry header(String name, Deflated content) {
    ZipArchiveEntry header = new ZipArchiveEntry(name);
    header.setMethod(ZipEntry.DEFLATED);
    header.setSize(content.size());
    header.setCompressedSize(content.bytes().length);
    header.setCrc(Integer.toUnsignedLong(content.crc()));
    header.setTimeLocal(DATE);
    return header;
  }

  private static boolean isLarge(Folder folder) {
    int[] files = {0};
    folder.forEachFile((path, content) -> files[0]++);
    return files[0] > MANY_FILES;
  }

  /** How what stands in a bundle under a name is compressed: once, if others have the same. */
  private static Function<Node, Deflated> by(String name, Deflations shared) {
    return Trees.SHARED.contains(name) ? shared::of : Deflations::deflated;
  }

  private void addRoot(Folder root) {
    put(root, Deflations::deflated);
  }

  private void addManifests(Folder folder, Deflations shared) {
    put(folder, shared::of);
    folder.forEach(
        (name, node) -> {
          if (node instanceof Folder below) {
            addManifests(below, shared);
          }
        });
  }

  private void add(Node node, Optional<Node> before, Function<Node, Deflated> deflated) {
    if (before.map(Node::digest).filter(node.digest()::equals).isPresent()) {
      return;
    }
    put(node, deflated);
    if (node instanceof Folder folder) {
      folder.forEach(
          (name, each) -> add(each, before.flatMap(then -> entry(then, name)), deflated));
    }
  }

  private void put(Node node, Function<Node, Deflated> deflated) {
    entries.computeIfAbsent(node.digest().hex(), ignored -> deflated.apply(node));
  }

  private static Optional<Node> entry(Node node, String name) {
    return switch (node) {
      case Folder folder -> folder.entry(name);
      case Content _ -> Optional.empty();
    };
  }
}
