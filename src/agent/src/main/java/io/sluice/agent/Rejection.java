package io.sluice.agent;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A bundle that this host refused.
 *
 * @param versions of what refused it; with others it may be tried again
 * @param conditions of the host, as {@link Conditions} tells them; with others likewise
 */
record Rejection(Digest digest, String reason, String versions, String conditions) {

  private static final String FILE = "rejected";

  /** The one that is remembered, whatever has changed since. */
  static Optional<Rejection> remembered(Path state) throws IOException {
    String[] lines = HostFiles.text(state.resolve(FILE)).orElse("").split("\n", -1);
    return lines.length >= 4 && Digest.isDigest(lines[0])
        ? Optional.of(new Rejection(new Digest(lines[0]), lines[1], lines[2], lines[3]))
        : Optional.empty();
  }

  void remember(Path state) throws IOException {
    HostFiles.replace(
        state.resolve(FILE), digest + "\n" + reason + "\n" + versions + "\n" + conditions + "\n");
  }

  static void forget(Path state) throws IOException {
    Files.deleteIfExists(state.resolve(FILE));
  }
}
