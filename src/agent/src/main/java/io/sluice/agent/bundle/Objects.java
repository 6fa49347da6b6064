package io.sluice.agent.bundle;

import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A folder of contents named by their digest, verified whenever they are read. */
final class Objects {

  private final Path folder;
  private final AtomicInteger damages = new AtomicInteger();

  Objects(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  Path path(Digest digest) {
    return folder.resolve(digest.hex());
  }

  boolean has(Digest digest) {
    return Files.exists(path(digest));
  }

  boolean isWhole(Digest digest) throws IOException {
    try {
      return digest.equals(Digest.of(read(digest, Limits.MANIFEST_BYTES)));
    } catch (DamagedException | NoSuchFileException e) {
      return false;
    }
  }

  long size(Digest digest) throws IOException {
    try {
      return Files.size(path(digest));
    } catch (NoSuchFileException e) {
      damages.incrementAndGet();
      throw e;
    }
  }

  /** How often one was found to be another than its name says, or not there. */
  int damages() {
    return damages.get();
  }

  /**
   * A content.
   *
   * @param most bytes that it may have
   * @throws DamagedException if it is another by now
   */
  byte[] read(Digest digest, int most) throws IOException {
    byte[] content;
    try (InputStream in = Files.newInputStream(path(digest))) {
      content = in.readNBytes(most + 1);
    } catch (NoSuchFileException e) {
      damages.incrementAndGet();
      throw e;
    }
    if (content.length > most || !Digest.of(content).equals(digest)) {
      damages.incrementAndGet();
      throw new DamagedException(path(digest).toString());
    }
    return content;
  }

  /**
   * Stores a content whose digest is known.
   *
   * @param bound bytes that may still come
   * @return its size
   * @throws RefusedException if the content has another digest or is too large
   */
  long put(Digest digest, InputStream content, long bound) throws IOException, RefusedException {
    MessageDigest sha256 = Digest.sha256();
    long size;
    try (OutputStream file = Files.newOutputStream(path(digest));
        OutputStream out = new DigestOutputStream(file, sha256)) {
      size = copy(content, out, Math.min(bound, Limits.MANIFEST_BYTES), digest.hex());
    }
    HostFiles.readableByGroup(path(digest));
    if (!Digest.of(sha256, new byte[0]).equals(digest)) {
      Files.delete(path(digest));
      throw new RefusedException("the content of " + digest + " has another digest");
    }
    return size;
  }

  /** Stores something that has no digest as its name. */
  Path beside(String name, InputStream content) throws IOException, RefusedException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      copy(content, out, Limits.MANIFEST_BYTES, name);
    }
    return file;
  }

  private static long copy(InputStream content, OutputStream out, long most, String name)
      throws IOException, RefusedException {
    byte[] buffer = new byte[8192];
    long size = 0;
    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
      size += n;
      if (size > most) {
        throw new RefusedException("the pack is larger than a bundle may be: " + name);
      }
      out.write(buffer, 0, n);
    }
    return size;
  }

  /** Takes a content over from another folder. */
  void take(Digest digest, Objects from) throws IOException {
    Files.move(from.path(digest), path(digest), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Writes a content, beside and renamed. */
  void write(Digest digest, byte[] content) throws IOException {
    Path beside = folder.resolve("." + digest.brief() + ".new");
    Files.write(beside, content);
    HostFiles.readableByGroup(beside);
    Files.move(beside, path(digest), StandardCopyOption.ATOMIC_MOVE);
  }

  void delete(Set<Digest> unneeded) throws IOException {
    for (Digest digest : unneeded) {
      Files.deleteIfExists(path(digest));
    }
  }

  /** Deletes all but some, and what a crash has left half written. */
  void deleteAllBut(Set<Digest> needed) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (!Digest.isDigest(name) || !needed.contains(new Digest(name))) {
          Files.delete(file);
        }
      }
    }
  }
}
