package io.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What scenarios are run with.
 *
 * @param controlPlane the launcher of the control plane
 * @param work a folder on the disk that is to be measured, removed at the end
 * @param rounds how often each quantity is measured
 * @param round how long one load lasts
 * @param clients how many connections load comes from
 * @param sizes of the mesh, ascending
 * @param edits how many edits are timed
 * @param progress takes lines that say what is going on
 */
public record Workbench(
    Path controlPlane,
    Path work,
    int rounds,
    Duration round,
    int clients,
    List<Integer> sizes,
    int edits,
    Consumer<String> progress) {

  private static final Duration SETTLE = Duration.ofSeconds(8);

  /** Copies the sizes. */
  public Workbench {
    sizes = List.copyOf(sizes);
  }

  /** A new folder below the work folder. */
  public Path folder(String name) throws IOException {
    return Files.createDirectory(work.resolve(name));
  }

  /** Where {@code sluice-control-plane train} puts its cache. */
  public Path aotCache() {
    return controlPlane.resolveSibling("../sluice-control-plane.aot").normalize();
  }

  /** Waits until a program that has just started does nothing more but run. */
  public void settle() throws IOException {
    try {
      Thread.sleep(SETTLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Says what is going on. */
  public void say(String line) {
    progress.accept(line);
  }
}
