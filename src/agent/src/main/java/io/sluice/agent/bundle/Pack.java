package io.sluice.agent.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** Reads a pack into a folder of objects, as a stream and in bounded memory and disk. */
final class Pack {

  private static final int ENTRIES = 2 * Limits.FILES;
  private static final String DIFFERENCE = "difference";

  private Pack() {}

  /**
   * Puts each entry into the folder under its digest.
   *
   * @return the file of the entry that says how the tree differs, if the pack has one
   * @throws RefusedException for an entry that lies about its content, or more than a bundle may
   *     have
   * @throws IOException for a truncated pack: the same one may be asked for again
   */
  static Optional<Path> unpack(InputStream pack, Objects objects)
      throws IOException, RefusedException {
    Set<String> seen = new HashSet<>();
    Optional<Path> difference = Optional.empty();
    long total = 0;
    try (ZipInputStream zip = new ZipInputStream(pack)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (!Digest.isDigest(name) && !name.equals(DIFFERENCE)) {
          throw new RefusedException("an entry of the pack is not named by a digest");
        }
        if (!seen.add(name) || seen.size() > ENTRIES) {
          throw new RefusedException("the pack has an entry twice, or too many entries");
        }
        if (name.equals(DIFFERENCE)) {
          difference = Optional.of(objects.beside(name, zip));
        } else {
          total += objects.put(new Digest(name), zip, Limits.BUNDLE_BYTES - total);
        }
      }
    } catch (ZipException e) {
      throw new RefusedException("the pack is not a zip that can be read: " + e.getMessage());
    }
    if (seen.isEmpty()) {
      throw new RefusedException("the pack is empty or not a zip");
    }
    return difference;
  }
}
