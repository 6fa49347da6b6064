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
 * @param facts the versions of what refused it; with others it may be tried again
 */
record Rejection(Digest digest, String reason, String facts) {

  private static final String FILE = "rejected";

  static Optional<Rejection> remembered(Path state, String facts) throws IOException {
    String[] lines = HostFiles.text(state.resolve(FILE)).orElse("").split("\n", -1);
    boolean whole = lines.length >= 3 && Digest.isDigest(lines[0]);
    return whole && (facts.isEmpty() || lines[2].equals(facts))
        ? Optional.of(new Rejection(new Digest(lines[0]), lines[1], lines[2]))
        : Optional.empty();
  }

  void remember(Path state) throws IOException {
    HostFiles.replace(state.resolve(FILE), digest + "\n" + reason + "\n" + facts + "\n");
  }

  static void forget(Path state) throws IOException {
    Files.deleteIfExists(state.resolve(FILE));
  }
}
