package io.sluice.agent.bundle;

import io.sluice.agent.host.HostFiles;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A folder of contents named by their digest. */
final class Objects {

  private final Path folder;

  Objects(Path folder) {
    this.folder = folder;
  }

  Path path(Digest digest) {
    return folder.resolve(digest.hex());
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
    long most = Math.min(bound, Limits.MANIFEST_BYTES);
    long size = 0;
    try (FileChannel file =
            FileChannel.open(
                path(digest),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        OutputStream out = new Hashing(Channels.newOutputStream(file), sha256)) {
      byte[] buffer = new byte[8192];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        size += n;
        if (size > most) {
          throw new RefusedException("the pack is larger than a bundle may be: " + digest);
        }
        out.write(buffer, 0, n);
      }
    }
    HostFiles.readableByGroup(path(digest));
    if (!Digest.of(sha256, new byte[0]).equals(digest)) {
      Files.delete(path(digest));
      throw new RefusedException("the content of " + digest + " has another digest");
    }
    return size;
  }

  private static final class Hashing extends FilterOutputStream {
    private final MessageDigest sha256;

    Hashing(OutputStream out, MessageDigest sha256) {
      super(out);
      this.sha256 = sha256;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      sha256.update(bytes, from, length);
      out.write(bytes, from, length);
    }
  }
}
