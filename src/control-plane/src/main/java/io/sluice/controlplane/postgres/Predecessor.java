package io.sluice.controlplane.postgres;

import io.sluice.controlplane.start.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The server that {@code postmaster.pid} names. After a SIGKILL of the control plane it may still
 * be writing its last checkpoint; after a SIGKILL of everything or a power failure only the file is
 * left, and its number may by now belong to another program.
 */
record Predecessor(Cluster cluster, Optional<Long> pid) {

  static Predecessor of(Cluster cluster) throws IOException {
    Path file = cluster.files().resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return new Predecessor(cluster, Optional.empty());
    }
    String first = Files.readString(file).lines().findFirst().orElse("").strip();
    return new Predecessor(
        cluster, first.matches("\\d{1,10}") ? Optional.of(Long.valueOf(first)) : Optional.empty());
  }

  void awaitEnd(Duration atMost) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    if (pid.isPresent() && isAlive() && !isServer()) {
      // PostgreSQL would take the stranger for the holder of its files.
      Files.deleteIfExists(cluster.files().resolve("postmaster.pid"));
      return;
    }
    boolean asked = false;
    while (isServer()) {
      if (System.nanoTime() > deadline) {
        throw new StartFailure(
            "PostgreSQL (process "
                + pid.orElseThrow()
                + ") still works on "
                + cluster.files()
                + ".",
            "Wait until it has ended, or stop it: kill -INT " + pid.orElseThrow());
      }
      if (!asked) {
        // An orphan: the folder's lock is ours, so nobody else uses it.
        Output.of(List.of("sh", "-c", "kill -INT " + pid.orElseThrow()));
        asked = true;
      }
      Thread.sleep(Duration.ofMillis(20));
    }
  }

  private boolean isAlive() {
    return pid.flatMap(ProcessHandle::of).map(ProcessHandle::isAlive).orElse(false);
  }

  /** A server's working directory is its data directory. */
  private boolean isServer() throws IOException {
    if (!isAlive()) {
      return false;
    }
    try {
      return Files.isSameFile(Path.of("/proc/" + pid.orElseThrow() + "/cwd"), cluster.files());
    } catch (java.nio.file.NoSuchFileException e) {
      return false; // it ended in between
    } catch (java.nio.file.AccessDeniedException e) {
      return false; // another user's process: not our server
    }
  }
}
